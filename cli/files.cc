#include "cli/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "harness/machine.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kAnother = "name another folder with --out";

std::error_code last_error() { return {errno, std::generic_category()}; }

std::error_code write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return last_error();
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// A new file or in place of an old one. It is on the disk when this returns without an error.
std::error_code write_synced(const std::string& path, std::string_view text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) return last_error();
  std::error_code error = write_all(file, text);
  if (!error && fsync(file) != 0) error = last_error();
  if (close(file) != 0 && !error) error = last_error();
  return error;
}

/// So that a rename in it outlives a power cut. Not every file system can: then it does without.
void sync_folder(const std::string& folder) {
  const int handle = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return;
  fsync(handle);
  close(handle);
}

/// results/NAME-TIME, which nobody else has made: two runs may start within one second.
Result<fs::path> make_new(const std::string& name) {
  std::string time = harness::utc_now();
  std::erase(time, ':');
  const fs::path results = "results";
  std::error_code error;
  fs::create_directories(results, error);
  for (int number = 1; !error; ++number) {
    const std::string more = number == 1 ? "" : fmt::format("-{}", number);
    const fs::path folder = results / fmt::format("{}-{}{}", name, time, more);
    if (fs::create_directory(folder, error)) return folder;
  }
  return failure(results.string(),
                 fmt::format("cannot be written to: {}; {}", error.message(), kAnother));
}

Result<fs::path> make_asked(const std::string& out, const std::vector<std::string>& files) {
  const fs::path folder = out;
  std::error_code error;
  for (const std::string& file : files) {
    if (fs::exists(folder / file, error)) {
      return failure(out, fmt::format("holds a result already ({}); {}", file, kAnother));
    }
  }
  fs::create_directories(folder, error);
  if (!error) return folder;
  return failure(out, fmt::format("cannot be made: {}; {}", error.message(), kAnother));
}

}  // namespace

Result<std::string> make_folder(const std::string& out, const std::string& name,
                                const std::vector<std::string>& files) {
  const auto folder = out.empty() ? make_new(name) : make_asked(out, files);
  if (!folder) return tl::unexpected(folder.error());
  const fs::path trial = *folder / ".pushbench";
  std::error_code error = write_synced(trial.string(), "\n");
  if (error) {
    return failure(folder->string(),
                   fmt::format("cannot be written to: {}; {}", error.message(), kAnother));
  }
  fs::remove(trial, error);
  return folder->string();
}

Result<void> write_file(const std::string& folder, const std::string& name,
                        const std::string& text) {
  const fs::path path = fs::path(folder) / name;
  const std::string beside = path.string() + ".partial";
  std::error_code error = write_synced(beside, text);
  if (!error) fs::rename(beside, path, error);
  if (!error) {
    sync_folder(folder);
    return {};
  }
  std::error_code ignored;
  fs::remove(beside, ignored);
  return failure(path.string(), "cannot be written: " + error.message());
}

}  // namespace pushbench::cli
