// Prints a report.html for the tests with a browser, of a made-up result: report_page NAME
// [invalid]. Every word in it that is a user's own is the name.

#include <cstdio>
#include <string_view>

#include "made_result.h"
#include "report/html_report.h"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  pushbench::harness::RunResult result = pushbench::report::made_result(argv[1]);
  if (argc > 2 && std::string_view(argv[2]) == "invalid") {
    result.failed_limits.emplace_back(argv[1]);
    result.transports[0].repetitions[1].invalid.emplace_back(argv[1]);
  }
  const std::string page = pushbench::report::html_report(result);
  return std::fwrite(page.data(), 1, page.size(), stdout) == page.size() ? 0 : 1;
}
