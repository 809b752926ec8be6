#include "cli/report.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/recorded.h"
#include "harness/result_reader.h"
#include "report/formats.h"
#include "report/html_extract.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

namespace {

Result<std::string> read_text(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return failure(path, "is a folder; give the report.html in it");
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    const std::error_code why(errno, std::generic_category());
    return failure(path,
                   fmt::format("cannot be read ({}); give a run's report.html", why.message()));
  }
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The folder of a run that was named by itself or by its result.json.
std::string folder_of(const std::string& path) {
  const fs::path folder = fs::path(harness::result_file(path)).parent_path();
  return folder.empty() ? "." : folder.string();
}

/// Another folder may hold an earlier report, but no other run.
Result<std::string> folder_for_reports(const std::string& own, const std::string& out) {
  std::error_code error;
  if (out.empty() || fs::equivalent(own, out, error)) return own;
  return make_folder(out, "", {"result.json"});
}

constexpr const char* kExamples =
    "pushbench report results/chat-2026-01-31T120000Z\n"
    "    Writes report.html, report.md and figures.csv into it, from result.json and latency.hlog\n"
    "pushbench report results/chat-2026-01-31T120000Z --format md\n"
    "    Prints the Markdown, for a pull request; no file is written\n"
    "pushbench report --extract report.html --out chat\n"
    "    Takes result.json and latency.hlog out of a page that somebody sent you\n";

}  // namespace

Report::Report(CLI::App& app)
    : command_(app.add_subcommand("report", "Draw a result's reports anew, or print one")) {
  command_->footer(kExamples);
  auto* const result = command_->add_option("result", path_, "A run's folder, or its result.json")
                           ->type_name("RESULT")
                           ->group("What to draw");
  auto* const page =
      command_->add_option("--extract", page_, "Take result.json and latency.hlog out of a page")
          ->type_name("FILE")
          ->group("What to draw");
  auto* const format =
      add_format(*command_, format_, "Print the result in this form, and write nothing");
  add_out(*command_, out_, "the run's own; of --extract: the one you are in")
      ->description("Folder for what is written")
      ->excludes(format);
  page->excludes(result)->excludes(format);
}

/// A result that is there already stays: it may be another one.
int Report::extract() {
  const auto page = read_text(page_);
  if (!page) return complain("report", page.error(), kWrongUsage);
  const auto extracted = report::extract(*page, page_);
  if (!extracted) return complain("report", extracted.error(), kWrongUsage);
  const auto folder = make_folder(out_.empty() ? "." : out_, "", {"result.json", "latency.hlog"});
  if (!folder) return complain("report", folder.error(), kWrongUsage);
  const auto write = [&](const char* name, const std::string& text) {
    const auto written = write_file(*folder, name, text);
    if (written) fmt::print("{}\n", (fs::path(*folder) / name).string());
    return written;
  };
  if (const auto written = write("result.json", extracted->result); !written) {
    return complain("report", written.error(), kBroke);
  }
  if (const auto written = write("latency.hlog", extracted->log); !written) {
    return complain("report", written.error(), kBroke);
  }
  return kGood;
}

int Report::redraw() {
  const auto result = recorded_run(path_);
  if (!result) return complain("report", result.error(), kWrongUsage);
  const auto folder = folder_for_reports(folder_of(path_), out_);
  if (!folder) return complain("report", folder.error(), kWrongUsage);
  for (const report::Format& format : report::formats()) {
    if (format.file.empty()) continue;
    const std::string name(format.file);
    if (const auto kept = write_file(*folder, name, format.text(*result)); !kept) {
      return complain("report", kept.error(), kBroke);
    }
    fmt::print("{}\n", (fs::path(*folder) / name).string());
  }
  return kGood;
}

int Report::run() {
  if (!page_.empty()) return extract();
  if (path_.empty()) {
    return complain("report", {"", "name a run's folder, or a page with --extract"}, kWrongUsage);
  }
  if (format_.empty()) return redraw();
  const auto result = recorded_run(path_);
  if (!result) return complain("report", result.error(), kWrongUsage);
  Output(*command_).data(report::in_format(format_, *result));
  return kGood;
}

}  // namespace pushbench::cli
