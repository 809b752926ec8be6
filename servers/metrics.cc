#include "servers/metrics.h"

#include <fmt/format.h>

#include <iterator>

namespace pushbench::servers {

namespace {

void add_head(std::string& text, std::string_view type, std::string_view name,
              std::string_view help) {
  fmt::format_to(std::back_inserter(text), "# HELP pushbench_{1} {2}\n# TYPE pushbench_{1} {0}\n",
                 type, name, help);
}

void add(std::string& text, std::string_view type, std::string_view name, std::string_view help,
         std::uint64_t value) {
  add_head(text, type, name, help);
  fmt::format_to(std::back_inserter(text), "pushbench_{} {}\n", name, value);
}

/// A counter with a line a transport.
void add_counts(std::string& text, std::string_view name, std::string_view help,
                const Transports& transports, std::uint64_t Counts::*count) {
  add_head(text, "counter", name, help);
  for (const auto& transport : transports) {
    fmt::format_to(std::back_inserter(text), "pushbench_{}{{transport=\"{}\"}} {}\n", name,
                   transport->name(), transport->counts().*count);
  }
}

}  // namespace

std::string metrics_text(const Counters& counters, const MessageStore& store,
                         const Transports& transports) {
  const net::Traffic& traffic = counters.traffic;
  std::string text;
  add(text, "gauge", "connections", "TCP connections that are open.", counters.open_connections);
  add(text, "gauge", "rooms", "Rooms that exist.", store.rooms());
  add(text, "counter", "connections_total", "TCP connections accepted.", counters.accepted);
  add(text, "counter", "requests_total", "HTTP requests, upgrades included.", counters.requests);
  add(text, "counter", "messages_total", "Messages published.", store.published());
  add(text, "counter", "read_bytes_total", "Bytes read from sockets, without TLS's own.",
      traffic.read);
  add(text, "counter", "written_bytes_total", "Bytes written to sockets, without TLS's own.",
      traffic.written);
  add(text, "counter", "tls_read_bytes_total", "Bytes that TLS added to what was read.",
      traffic.tls_read);
  add(text, "counter", "tls_written_bytes_total", "Bytes that TLS added to what was written.",
      traffic.tls_written);
  add(text, "counter", "writes_total", "Write system calls that carried them.", traffic.writes);
  add_head(text, "gauge", "subscribers", "Clients that wait for messages.");
  for (const auto& transport : transports) {
    fmt::format_to(std::back_inserter(text), "pushbench_subscribers{{transport=\"{}\"}} {}\n",
                   transport->name(), transport->subscribers());
  }
  add_counts(text, "exchanges_total", "Answers begun, refusals too; publish: to POSTs of messages.",
             transports, &Counts::exchanges);
  fmt::format_to(std::back_inserter(text),
                 "pushbench_exchanges_total{{transport=\"publish\"}} {}\n",
                 counters.publishing.exchanges);
  add_counts(text, "empty_exchanges_total",
             "Of these, polls answered without a message; refusals are none.", transports,
             &Counts::empty);
  add_counts(text, "deliveries_total", "Messages handed to subscribers.", transports,
             &Counts::deliveries);
  add_head(text, "counter", "limit_hits_total", "Times a limit was hit, by the flag that sets it.");
  for (std::size_t i = 0; i < kLimitNames.size(); ++i) {
    fmt::format_to(std::back_inserter(text), "pushbench_limit_hits_total{{limit=\"{}\"}} {}\n",
                   kLimitNames[i], counters.hits.of(static_cast<Limit>(i)));
  }
  return text;
}

}  // namespace pushbench::servers
