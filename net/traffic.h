#pragma once

#include <cstdint>

namespace pushbench::net {

/// Bytes that passed through sockets, counted by net::Stream and by nobody else. The sum of `read`
/// and `tls_read` is what was taken from the sockets, that of `written` and `tls_written` what the
/// kernel accepted. While a record is on its way its bytes count as TLS's: a received one until
/// it is whole, a sent one up to what TLS adds to it.
struct Traffic {
  std::uint64_t read = 0;         // the application's
  std::uint64_t written = 0;      // the application's
  std::uint64_t writes = 0;       // write system calls that carried any of them
  std::uint64_t tls_read = 0;     // what TLS adds: handshakes, frames of records, alerts
  std::uint64_t tls_written = 0;  // likewise

  // The rest is what the kernel tells of streams that were made by Stream::connect(), up to their
  // end or the last Loop::sample_network(). All 0 without net::tcp_info_available(), but `unread`.
  std::uint64_t unread = 0;  // bytes that had come when a stream was cut, and nobody read
  std::uint64_t segments_out = 0;
  std::uint64_t segments_in = 0;
  std::uint64_t header_bytes_out = 0;  // TCP's and IP's
  std::uint64_t header_bytes_in = 0;
  std::uint64_t retransmitted = 0;  // payload that was sent again

  /// All that was on the wire, from the IP header on.
  std::uint64_t network_out() const {
    return written + tls_written + retransmitted + header_bytes_out;
  }
  std::uint64_t network_in() const { return read + tls_read + unread + header_bytes_in; }
};

}  // namespace pushbench::net
