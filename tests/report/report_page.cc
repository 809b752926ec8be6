// Prints a report.html for the tests with a browser, of what is made up: report_page NAME [invalid
// | sweep | capacity]. Every word in it that is a user's own is the name.

#include <cstdio>
#include <string>

#include "made_result.h"
#include "made_search.h"
#include "report/html_report.h"
#include "report/html_search.h"

namespace {

using namespace pushbench::report;

std::string page_of(const std::string& name, const std::string& kind) {
  if (kind == "sweep") return html_report(made_sweep(name), made_context(name));
  if (kind == "capacity") {
    return html_report(made_capacity(name), made_question(), made_context(name));
  }
  pushbench::harness::RunResult result = made_result(name);
  if (kind == "invalid") {
    result.failed_limits.push_back(name);
    result.transports[0].repetitions[1].invalid.push_back(name);
  }
  return html_report(result);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::string page = page_of(argv[1], argc > 2 ? argv[2] : "");
  return std::fwrite(page.data(), 1, page.size(), stdout) == page.size() ? 0 : 1;
}
