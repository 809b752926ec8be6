#pragma once

#include <memory>
#include <optional>

#include "harness/run_server.h"
#include "harness/target.h"
#include "net/process_tree.h"

namespace pushbench::harness {

/// A target, for one repetition. What is known of its cost is what /proc says of its processes.
class TargetServer final : public RunServer {
 public:
  static Result<std::unique_ptr<TargetServer>> make(const Target& target);

  const net::Address& address() const override { return address_; }
  net::TlsContext* tls() const override { return tls_.get(); }
  bool running() const override { return false; }
  void signal(int) override {}
  Result<void> keep_to(int) override { return {}; }
  Result<void> begin_cost() override;
  Result<std::optional<ServerCost>> cost() override;

 private:
  explicit TargetServer(const Target& target);

  const net::Address address_;
  std::unique_ptr<net::TlsContext> tls_;
  std::optional<net::ProcessTree> processes_;
};

}  // namespace pushbench::harness
