#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "cli/capacity.h"
#include "cli/compare.h"
#include "cli/completions.h"
#include "cli/crossover.h"
#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/lab.h"
#include "cli/list.h"
#include "cli/man_page.h"
#include "cli/merge.h"
#include "cli/output.h"
#include "cli/predict.h"
#include "cli/report.h"
#include "cli/run.h"
#include "cli/serve.h"
#include "cli/show.h"
#include "cli/study.h"
#include "cli/usage.h"
#include "cli/validate.h"
#include "version.h"

namespace {

using namespace pushbench::cli;

constexpr const char* kExamples =
    "pushbench run chat\n"
    "    Replays a real chat over every transport and compares what each cost\n"
    "pushbench predict notifications --users 1000000\n"
    "    Says what a million users would cost, without running anything\n"
    "pushbench capacity quotes --vary users --limit 'delivery_latency.p99<250ms'\n"
    "    Finds how many users each transport serves in time\n"
    "pushbench serve\n"
    "    Serves the chat over every transport, to try with curl or a browser\n";

/// --help or --version, wherever it stood.
int answer(const CLI::App& app, const CLI::Success& asked) {
  if (dynamic_cast<const CLI::CallForHelp*>(&asked) == nullptr) {
    fmt::print("{}\n", asked.what());
    return kGood;
  }
  const auto chosen = app.get_subcommands();
  const CLI::App& about = chosen.empty() ? app : *chosen.front();
  Output(app).table(about.help());
  return kGood;
}

/// The error's place is the command that was read.
int complain_of_usage(const pushbench::Error& error) {
  const bool unknown = error.what.find("there is no such command") != std::string::npos;
  fmt::print(stderr, "{}\n",
             with_next_step(error.line(), (unknown ? "pushbench" : error.where) + " --help"));
  return kWrongUsage;
}

int parse_and_run(const std::vector<std::string>& words) {
  CLI::App app{"What each way of pushing messages to a browser costs, measured on a real chat"};
  app.set_version_flag("--version", "pushbench " PUSHBENCH_VERSION " (" PUSHBENCH_COMMIT ")",
                       "The version, and the commit it was built from");
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "This help");
  app.fallthrough();  // --quiet may stand anywhere
  add_output_flags(app);
  Run run(app);
  Capacity capacity(app);
  Crossover crossover(app);
  Compare compare(app);
  Predict predict(app);
  Show show(app);
  Report report(app);
  Merge merge(app);
  Serve serve(app);
  Validate validate(app);
  List list(app);
  Study study(app);
  Lab lab(app);
  Completions completions(app);
  ManPage man_page(app);
  Help help(app);
  app.footer(kExamples);  // last: commands inherit it
  if (words.empty()) {
    fmt::print(stderr, "{}", short_help(app));
    return kWrongUsage;
  }
  try {
    if (const auto read = read_words(app, words); !read) {
      return complain_of_usage(read.error());
    }
  } catch (const CLI::Success& asked) {
    return answer(app, asked);
  }
  if (run.chosen()) return run.run();
  if (capacity.chosen()) return capacity.run();
  if (crossover.chosen()) return crossover.run();
  if (compare.chosen()) return compare.run();
  if (predict.chosen()) return predict.run();
  if (show.chosen()) return show.run();
  if (report.chosen()) return report.run();
  if (merge.chosen()) return merge.run();
  if (validate.chosen()) return validate.run();
  if (list.chosen()) return list.run();
  if (study.chosen()) return study.run();
  if (lab.chosen()) return lab.run();
  if (completions.chosen()) return completions.run();
  if (man_page.chosen()) return man_page.run();
  if (help.chosen()) return help.run();
  return serve.run();
}

}  // namespace

int main(int argc, char** argv) {
  // What a write cannot do is an error of that write, not of the process.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const int code = parse_and_run({argv + 1, argv + argc});
    if (finish_output() || code != kGood) return code;
    std::fprintf(stderr, "pushbench: standard output cannot be written to; is its disk full?\n");
    return kBroke;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pushbench: %s\n", error.what());
    return kBroke;
  }
}
