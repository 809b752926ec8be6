#include "harness/target_server.h"

#include <utility>

namespace pushbench::harness {

TargetServer::TargetServer(const Target& target) : address_(target.address()) {
  if (!target.processes.empty()) processes_.emplace(target.processes);
}

Result<std::unique_ptr<TargetServer>> TargetServer::make(const Target& target) {
  std::unique_ptr<TargetServer> server(new TargetServer(target));
  if (!target.secure) return server;
  const bool is_name = !net::Address::parse(target.host, 0);
  auto tls = net::TlsContext::unverified_client(is_name ? target.host : "");
  if (!tls) return tl::unexpected(tls.error());
  server->tls_ = std::move(*tls);
  return server;
}

Result<void> TargetServer::begin_cost() {
  if (!processes_) return {};
  return processes_->begin();
}

Result<std::optional<ServerCost>> TargetServer::cost() {
  if (!processes_) return std::nullopt;
  const auto used = processes_->used();
  if (!used) return tl::unexpected(used.error());
  return ServerCost{used->cpu_us, used->peak_rss_bytes, used->context_switches};
}

}  // namespace pushbench::harness
