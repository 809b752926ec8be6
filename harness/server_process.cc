#include "harness/server_process.h"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "net/cores.h"
#include "wire/number.h"

namespace pushbench::harness {

namespace {

constexpr std::string_view kListening = "listening on http://";
constexpr std::string_view kListeningSecurely = "listening on https://";
constexpr std::string_view kCertificate = "certificate SHA-256 ";

/// "127.0.0.1:8080" or "[::1]:8080".
Result<net::Address> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  std::uint16_t port = 0;
  if (colon == std::string_view::npos || !wire::read_number(text.substr(colon + 1), port)) {
    return failure(std::string(text), "is no address with a port");
  }
  return net::Address::parse(std::string(text.substr(0, colon)), port);
}

}  // namespace

std::vector<std::string> serve_command(const std::string& binary) {
  return {binary, "serve", "--port", "0", "--end-with-parent", std::to_string(getpid())};
}

Result<std::unique_ptr<ServerProcess>> ServerProcess::start(net::Loop& loop,
                                                            const std::vector<std::string>& command,
                                                            ServerProcessListener& listener) {
  std::unique_ptr<ServerProcess> process(new ServerProcess(listener));
  auto child = net::Child::start(loop, command, *process);
  if (!child) return tl::unexpected(child.error());
  process->child_ = std::move(*child);
  return process;
}

Result<void> ServerProcess::keep_to(int core) { return net::keep_to_cores(pid(), {core}); }

Result<void> ServerProcess::begin_cost() {
  if (const auto usage = child_->usage()) before_ = *usage;
  return {};
}

Result<std::optional<ServerCost>> ServerProcess::cost() {
  const auto usage = child_->usage();
  if (!before_ || !usage) return std::nullopt;
  return ServerCost{usage->cpu_us - before_->cpu_us, usage->peak_rss_bytes,
                    usage->context_switches - before_->context_switches};
}

void ServerProcess::on_line(const std::string& line) {
  if (serving_) return;  // the server's further lines are for a person
  const auto complete = read(line);
  if (!complete) return listener_.on_server_trouble(complete.error().line());
  if (!*complete) return;
  serving_ = true;
  listener_.on_serving();
}

/// True once all is known: from the first line, or with TLS from the certificate's.
Result<bool> ServerProcess::read(std::string_view line) {
  if (!address_) {
    secure_ = line.starts_with(kListeningSecurely);
    if (!secure_ && !line.starts_with(kListening)) {
      return failure("server", fmt::format("printed \"{}\" first", line));
    }
    const auto address =
        parse_address(line.substr(secure_ ? kListeningSecurely.size() : kListening.size()));
    if (!address) return tl::unexpected(address.error());
    address_ = *address;
    return !secure_;
  }
  if (!line.starts_with(kCertificate)) return false;
  auto tls = net::TlsContext::client(std::string(line.substr(kCertificate.size())));
  if (!tls) return tl::unexpected(tls.error());
  tls_ = std::move(*tls);
  return true;
}

void ServerProcess::on_exit(std::int64_t status, int signal) {
  listener_.on_server_exit(status, signal);
}

}  // namespace pushbench::harness
