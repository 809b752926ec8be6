#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run_server.h"
#include "net/address.h"
#include "net/child.h"
#include "net/loop.h"
#include "net/tls.h"

namespace pushbench::harness {

/// Starts a server on any free port that ends with this process; further flags may follow.
std::vector<std::string> serve_command(const std::string& binary);

class ServerProcessListener {
 public:
  virtual ~ServerProcessListener() = default;
  virtual void on_serving() = 0;                                // its address() is known
  virtual void on_server_trouble(const std::string& what) = 0;  // what it says makes no sense
  virtual void on_server_exit(std::int64_t status, int signal) = 0;
};

/// A server as a process of its own: starts it and reads from its first lines where it listens and,
/// with TLS, which certificate it has. Destroying it kills it.
class ServerProcess final : public RunServer, private net::ChildListener {
 public:
  static Result<std::unique_ptr<ServerProcess>> start(net::Loop& loop,
                                                      const std::vector<std::string>& command,
                                                      ServerProcessListener& listener);

  const net::Address& address() const override { return *address_; }
  net::TlsContext* tls() const override { return tls_.get(); }
  bool running() const override { return child_->running(); }
  int pid() const { return child_->pid(); }
  void signal(int number) override { child_->signal(number); }
  Result<void> keep_to(int core) override;
  Result<void> begin_cost() override;
  /// None where it was gone before it could be asked.
  Result<std::optional<ServerCost>> cost() override;

 private:
  explicit ServerProcess(ServerProcessListener& listener) : listener_(listener) {}
  void on_line(const std::string& line) override;
  void on_exit(std::int64_t status, int signal) override;
  Result<bool> read(std::string_view line);

  ServerProcessListener& listener_;
  std::unique_ptr<net::Child> child_;
  std::optional<net::Address> address_;
  std::unique_ptr<net::TlsContext> tls_;
  std::optional<net::Usage> before_;  // when its cost began
  bool serving_ = false;
  bool secure_ = false;
};

}  // namespace pushbench::harness
