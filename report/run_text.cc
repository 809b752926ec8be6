#include "report/run_text.h"

#include "report/table.h"
#include "report/theory_table.h"

namespace pushbench::report {

std::string run_text(const harness::RunResult& result) {
  // Last is what is seen: that the figures do not count.
  return measured(result) + "\n" + theory_table(result) + alarms(result);
}

}  // namespace pushbench::report
