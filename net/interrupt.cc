#include "net/interrupt.h"

#include <unistd.h>

#include <csignal>

namespace pushbench::net {

namespace {

constexpr int kInterrupted = 130;  // what a shell says of a program that SIGINT ended

}  // namespace

Interrupt::Interrupt()
    : interrupt_(loop_, SIGINT, Callback::to<&Interrupt::on_signal>(this)),
      terminate_(loop_, SIGTERM, Callback::to<&Interrupt::on_signal>(this)),
      end_(loop_, Callback::to<&Interrupt::on_end>(this)),
      watcher_(&Loop::run, &loop_) {}

Interrupt::~Interrupt() {
  end_.post(true);
  watcher_.join();
}

/// No destructor runs at the second: a server that was started dies with its parent by itself.
void Interrupt::on_signal() {
  if (asked_.exchange(true)) _exit(kInterrupted);
}

}  // namespace pushbench::net
