#pragma once

#include <uv.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "net/handle.h"
#include "net/loop.h"
#include "wire/result.h"

namespace pushbench::net {

class ChildListener {
 public:
  virtual ~ChildListener() = default;
  virtual void on_line(const std::string& line) = 0;  // of its stdout, without the newline
  virtual void on_exit(std::int64_t status, int signal) = 0;
};

/// What the kernel says a process has used so far.
struct Usage {
  std::uint64_t cpu_us = 0;            // user and system time of all threads
  std::uint64_t peak_rss_bytes = 0;    // the largest resident set so far
  std::uint64_t context_switches = 0;  // voluntary and involuntary, of the main thread
};

/// A child process whose stdout is read line by line; its stderr is ours. Destroying it kills it.
/// It keeps the loop alive until it has ended, whoever else holds its stdout by then.
class Child {
 public:
  static Result<std::unique_ptr<Child>> start(Loop& loop, const std::vector<std::string>& command,
                                              ChildListener& listener);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void signal(int number);
  bool running() const { return running_; }
  int pid() const { return process_->pid; }
  Result<Usage> usage() const;

 private:
  Child(Loop& loop, ChildListener& listener);
  void on_output(ssize_t n);

  ChildListener& listener_;
  Handle<uv_process_t> process_;
  Handle<uv_pipe_t> output_;
  std::vector<char> buffer_;
  std::string line_;
  bool running_ = false;
};

/// A process's CPU time so far, of all its threads.
Result<std::uint64_t> cpu_us_of(int pid);
/// This process's own CPU time so far.
std::uint64_t own_cpu_us();
/// The calling thread's alone.
std::uint64_t thread_cpu_us();

}  // namespace pushbench::net
