#pragma once

#include <optional>

#include "harness/result.h"
#include "net/address.h"
#include "net/tls.h"
#include "wire/result.h"

namespace pushbench::harness {

/// The server that a repetition puts its load on: a process of its own, or a target.
class RunServer {
 public:
  virtual ~RunServer() = default;

  virtual const net::Address& address() const = 0;
  virtual net::TlsContext* tls() const = 0;    // for its clients; null: it speaks without
  virtual bool running() const = 0;            // and must be told to end: never a target
  virtual void signal(int number) = 0;         // to one that is running
  virtual Result<void> keep_to(int core) = 0;  // one that is running

  /// Its cost counts from now on …
  virtual Result<void> begin_cost() = 0;
  /// … until now. None: nobody can tell.
  virtual Result<std::optional<ServerCost>> cost() = 0;
};

}  // namespace pushbench::harness
