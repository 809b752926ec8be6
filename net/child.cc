#include "net/child.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <time.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace pushbench::net {

namespace {

std::uint64_t microseconds(const timespec& t) {
  return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000 +
         static_cast<std::uint64_t>(t.tv_nsec) / 1'000;
}

}  // namespace

Child::Child(Loop& loop, ChildListener& listener)
    : listener_(listener), process_(new uv_process_t{}), output_(new uv_pipe_t), buffer_(4096) {
  uv_pipe_init(loop.uv(), output_.get(), 0);
  output_->data = this;
}

Result<std::unique_ptr<Child>> Child::start(Loop& loop, const std::vector<std::string>& command,
                                            ChildListener& listener) {
  std::unique_ptr<Child> child(new Child(loop, listener));
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::array<uv_stdio_container_t, 3> stdio{};
  stdio[0].flags = UV_IGNORE;
  stdio[1].flags = static_cast<uv_stdio_flags>(UV_CREATE_PIPE | UV_WRITABLE_PIPE);
  stdio[1].data.stream = reinterpret_cast<uv_stream_t*>(child->output_.get());
  stdio[2].flags = UV_INHERIT_FD;
  stdio[2].data.fd = 2;
  uv_process_options_t options{};
  options.file = arguments[0];
  options.args = arguments.data();
  options.stdio = stdio.data();
  options.stdio_count = static_cast<int>(stdio.size());
  options.flags = UV_PROCESS_DETACHED;  // a terminal's Ctrl-C is for us: we end the child
  options.exit_cb = [](uv_process_t* process, std::int64_t status, int signal) {
    auto* self = static_cast<Child*>(process->data);
    if (self == nullptr) return;
    self->running_ = false;
    // What it leaves behind may hold its output open: nobody waits for that.
    uv_unref(base(self->output_));
    self->listener_.on_exit(status, signal);
  };
  const int code = uv_spawn(loop.uv(), child->process_.get(), &options);
  child->process_->data = child.get();
  if (code != 0)
    return failure(command.front(), fmt::format("cannot start: {}", uv_strerror(code)));
  child->running_ = true;
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(child->output_.get()),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        auto* self = static_cast<Child*>(handle->data);
        *buffer = self == nullptr ? uv_buf_init(nullptr, 0)
                                  : uv_buf_init(self->buffer_.data(),
                                                static_cast<unsigned>(self->buffer_.size()));
      },
      [](uv_stream_t* handle, ssize_t n, const uv_buf_t*) {
        if (handle->data != nullptr) static_cast<Child*>(handle->data)->on_output(n);
      });
  return child;
}

Child::~Child() {
  if (!running_) return;
  signal(SIGKILL);
  waitpid(pid(), nullptr, 0);  // libuv reaps only children whose handle is open
}

void Child::signal(int number) {
  if (running_) uv_process_kill(process_.get(), number);
}

void Child::on_output(ssize_t n) {
  if (n < 0) {
    uv_read_stop(reinterpret_cast<uv_stream_t*>(output_.get()));
    if (line_.empty()) return;
    const std::string last = std::exchange(line_, {});  // it ended without a newline
    listener_.on_line(last);
    return;
  }
  for (ssize_t i = 0; i < n; ++i) {
    const char c = buffer_[static_cast<std::size_t>(i)];
    if (c != '\n') {
      line_ += c;
      continue;
    }
    const std::string line = std::exchange(line_, {});
    listener_.on_line(line);
  }
}

Result<Usage> Child::usage() const {
  const auto cpu_us = cpu_us_of(pid());
  if (!cpu_us) return tl::unexpected(cpu_us.error());
  Usage usage;
  usage.cpu_us = *cpu_us;
  std::ifstream status(fmt::format("/proc/{}/status", pid()));
  std::string key;
  std::uint64_t number = 0;
  for (std::string line; std::getline(status, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    key = line.substr(0, colon);
    number = std::strtoull(line.c_str() + colon + 1, nullptr, 10);
    if (key == "VmHWM") usage.peak_rss_bytes = number * 1024;
    if (key.ends_with("voluntary_ctxt_switches")) usage.context_switches += number;
  }
  if (usage.peak_rss_bytes == 0) {
    return failure(fmt::format("process {}", pid()), "its memory is not to be had from /proc");
  }
  return usage;
}

Result<std::uint64_t> cpu_us_of(int pid) {
  clockid_t clock{};
  timespec cpu{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &cpu) != 0) {
    return failure(fmt::format("process {}", pid), "its CPU time is not to be had: it has ended");
  }
  return microseconds(cpu);
}

std::uint64_t own_cpu_us() {
  timespec cpu{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
  return microseconds(cpu);
}

std::uint64_t thread_cpu_us() {
  timespec cpu{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
  return microseconds(cpu);
}

}  // namespace pushbench::net
