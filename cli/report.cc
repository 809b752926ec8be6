#include "cli/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/command.h"
#include "cli/recorded.h"
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
  if (!in) return failure(path, "cannot be read; give a run's report.html");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The folder of a run that was named by itself or by its result.json.
std::string folder_of(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return path;
  const fs::path folder = fs::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

}  // namespace

Report::Report(CLI::App& app)
    : command_(app.add_subcommand("report", "Draw a result's reports anew, or print one")) {
  auto* const result = command_->add_option("result", path_, "A run's folder, or its result.json");
  auto* const format = command_->add_option(
      "--format", format_,
      fmt::format("Print this form of it, and write nothing: {}", report::format_names()));
  auto* const page = command_->add_option(
      "--extract", page_, "A report.html: take result.json and latency.hlog out of it");
  command_->add_option("--out", out_, "Folder for what is taken out (default: the one you are in)")
      ->needs(page);
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
  const std::string folder = folder_of(path_);
  for (const report::Format& format : report::formats()) {
    if (format.file.empty()) continue;
    const std::string name(format.file);
    if (const auto kept = write_file(folder, name, format.text(*result)); !kept) {
      return complain("report", kept.error(), kBroke);
    }
    fmt::print("{}\n", (fs::path(folder) / name).string());
  }
  return kGood;
}

int Report::run() {
  if (!page_.empty()) return extract();
  if (path_.empty()) {
    return complain("report", {"", "name a run's folder, or a page with --extract"}, kWrongUsage);
  }
  if (format_.empty()) return redraw();
  const auto format = report::parse_format(format_);
  if (!format) return complain("report", format.error(), kWrongUsage);
  const auto result = recorded_run(path_);
  if (!result) return complain("report", result.error(), kWrongUsage);
  fmt::print("{}", (*format)->text(*result));
  return kGood;
}

}  // namespace pushbench::cli
