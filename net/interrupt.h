#pragma once

#include <atomic>
#include <thread>

#include "net/loop.h"
#include "net/mailbox.h"
#include "net/signal.h"

namespace pushbench::net {

/// Ctrl-C (SIGINT) and SIGTERM as long as this lives: the first is remembered, so that the work in
/// hand can be ended and what it has brought can be kept; the second ends the process at once, with
/// 130, whatever it is doing. There is one at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// Whether the user wants it to end. From any thread.
  bool asked() const { return asked_; }

 private:
  void on_signal();
  void on_end() { loop_.stop(); }

  Loop loop_;
  Signal interrupt_;
  Signal terminate_;
  Mailbox<bool> end_;
  std::atomic<bool> asked_ = false;
  std::thread watcher_;  // runs the loop: the others may be busy with something that takes long
};

}  // namespace pushbench::net
