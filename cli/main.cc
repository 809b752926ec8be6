#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

#include "cli/capacity.h"
#include "cli/crossover.h"
#include "cli/exit_code.h"
#include "cli/list.h"
#include "cli/merge.h"
#include "cli/predict.h"
#include "cli/report.h"
#include "cli/run.h"
#include "cli/serve.h"
#include "cli/show.h"
#include "cli/study.h"
#include "cli/validate.h"
#include "version.h"

namespace {

int parse_and_run(int argc, char** argv) {
  using namespace pushbench::cli;
  CLI::App app{"What each way of pushing messages to a browser costs, measured on a real chat"};
  app.set_version_flag("--version", "pushbench " PUSHBENCH_VERSION " (" PUSHBENCH_COMMIT ")");
  app.require_subcommand(1);
  Run run(app);
  Capacity capacity(app);
  Crossover crossover(app);
  Predict predict(app);
  Show show(app);
  Report report(app);
  Merge merge(app);
  Serve serve(app);
  Validate validate(app);
  List list(app);
  Study study(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kGood : kWrongUsage;
  }
  if (run.chosen()) return run.run();
  if (capacity.chosen()) return capacity.run();
  if (crossover.chosen()) return crossover.run();
  if (predict.chosen()) return predict.run();
  if (show.chosen()) return show.run();
  if (report.chosen()) return report.run();
  if (merge.chosen()) return merge.run();
  if (validate.chosen()) return validate.run();
  if (list.chosen()) return list.run();
  if (study.chosen()) return study.run();
  return serve.run();
}

}  // namespace

int main(int argc, char** argv) {
  // What a write cannot do is an error of that write, not of the process.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return parse_and_run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pushbench: %s\n", error.what());
    return pushbench::cli::kBroke;
  }
}
