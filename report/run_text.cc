#include "report/run_text.h"

#include "report/table.h"
#include "report/theory_table.h"

namespace pushbench::report {

std::string run_text(const harness::RunResult& result) {
  return comparison(result) + "\n" + theory_table(result);
}

}  // namespace pushbench::report
