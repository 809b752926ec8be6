#include "harness/server_build.h"

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "net/child.h"
#include "net/loop.h"
#include "net/timer.h"

namespace pushbench::harness {

namespace {

constexpr std::chrono::seconds kLimit{5};
constexpr std::string_view kProgram = "pushbench ";

/// A program's first line; none if it prints nothing in time.
class FirstLine final : private net::ChildListener {
 public:
  std::optional<std::string> of(const std::vector<std::string>& command) {
    net::ChildListener& listener = *this;
    auto started = net::Child::start(loop_, command, listener);
    if (!started) return std::nullopt;
    child_ = std::move(*started);
    overdue_.start_in(kLimit);
    loop_.run();
    child_.reset();
    return line_;
  }

 private:
  void on_line(const std::string& line) override {
    if (!line_) line_ = line;
    end();  // a script may go on to serve
  }
  void on_exit(std::int64_t, int) override { overdue_.cancel(); }
  void end() { child_->signal(SIGKILL); }

  net::Loop loop_;
  net::Timer overdue_{loop_, net::Callback::to<&FirstLine::end>(this)};
  std::unique_ptr<net::Child> child_;
  std::optional<std::string> line_;
};

}  // namespace

BuildInfo parse_build(std::string_view line) {
  if (!line.starts_with(kProgram)) return {};
  line.remove_prefix(kProgram.size());
  const std::size_t open = line.find(" (");
  if (open == std::string_view::npos || !line.ends_with(')')) return {};
  const std::string_view commit = line.substr(open + 2, line.size() - open - 3);
  return {std::string(line.substr(0, open)), std::string(commit)};
}

BuildInfo build_of(const std::string& binary) {
  // By way of a shell, so that what it has to say against that is not the user's to read.
  const std::vector<std::string> command{"/bin/sh", "-c", "exec \"$0\" --version 2>/dev/null",
                                         binary};
  return parse_build(FirstLine().of(command).value_or(""));
}

}  // namespace pushbench::harness
