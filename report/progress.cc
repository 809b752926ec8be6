#include "report/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "report/numbers.h"

namespace pushbench::report {

namespace {

bool moves_cursor(std::FILE* out) {
  const char* const terminal = std::getenv("TERM");
  return isatty(fileno(out)) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

}  // namespace

ProgressLine::ProgressLine(std::FILE* out, std::uint64_t repeat, std::size_t transports,
                           std::string before, const net::Interrupt* interrupt)
    : out_(out),
      terminal_(out != nullptr && moves_cursor(out)),
      repeat_(repeat),
      transports_(transports),
      before_(std::move(before)),
      interrupt_(interrupt) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::clear() {
  if (!terminal_) return;
  std::fputs("\r\033[K", out_);
  std::fflush(out_);
}

void ProgressLine::on_repetition_start(const std::string& transport, std::uint64_t number) {
  ++started_;
  now_ = fmt::format("{}[{}/{}] {} {}/{}", before_, started_, repeat_ * transports_, transport,
                     number, repeat_);
  if (out_ == nullptr) return;
  clear();
  fmt::print(out_, "{}{}", now_, terminal_ ? "" : "\n");
  std::fflush(out_);
}

void ProgressLine::on_floor_start() {
  if (!terminal_) return;
  fmt::print(out_, "the harness on its own, without a server");
  std::fflush(out_);
}

void ProgressLine::on_progress(const harness::Progress& progress) {
  if (!terminal_) return;
  const double left = std::max(0.0, net::seconds(progress.time_left));
  clear();
  fmt::print(out_, "{} · {:.0f} s left · {} delivered", now_, left, thousands(progress.delivered));
  if (progress.delivered > 0) {
    fmt::print(out_, " · p99 {}", time_text(static_cast<double>(progress.p99_us)));
  }
  std::fflush(out_);
}

}  // namespace pushbench::report
