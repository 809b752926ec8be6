#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "clients/request_headers.h"
#include "clients/requests.h"
#include "harness/scenario.h"
#include "wire/message.h"

namespace pushbench::harness {

/// One exchange's bytes, as HTTP has them.
struct ExchangeSizes {
  double request_head = 0;
  double request_body = 0;
  double response_head = 0;
  double response_body = 0;

  double up() const { return request_head + request_body; }
  double down() const { return response_head + response_body; }
  double all() const { return up() + down(); }
};

/// Bits a second that `clients` exchange when each has `rate` exchanges a second.
double bits_per_second(double bytes_an_exchange, double rate, double clients);

/// Bytes of TCP/IP headers around what one side writes in one go, on a path whose segments carry
/// `segment` bytes (net::kSegmentPayload for an MTU of 1500).
double packet_headers(double payload, double segment);
double tls_records(double payload);  // what TLS 1.3 puts around it; 16 KiB a record at most

/// How many application bytes this project's clients and server write for what: the sizes of what
/// the very functions make that both write with. The server's host is taken for one with an IPv4
/// address of nine characters and a port of five digits, as 127.0.0.1:40000.
class ByteModel {
 public:
  ByteModel(const Scenario& scenario, const clients::RequestHeaders& headers);

  /// `room`: its number in the schedule, from 0. The first request of a user lacks the epoch, which
  /// the first answer tells.
  std::size_t poll(std::uint64_t room, wire::Seq after, bool first) const;
  std::size_t long_poll(std::uint64_t room, wire::Seq after, bool first) const;
  std::size_t empty_answer(bool first) const;  // 204
  std::size_t answer(std::size_t batch, bool first) const;

  static std::size_t draft(std::uint64_t user, std::uint64_t say, std::size_t text);
  std::size_t post(std::uint64_t room, std::size_t draft) const;  // the draft included
  std::size_t post_answer(wire::Seq seq) const;

  static std::size_t message(std::uint64_t user, std::uint64_t say, std::size_t text,
                             wire::Seq seq);
  /// Of `messages` whose sizes add up to `sum`.
  static std::size_t batch(std::size_t messages, std::size_t sum);

  std::size_t stream_request(std::uint64_t room) const;
  static std::size_t stream_start();  // the answer's head and the first line
  static std::size_t event(std::size_t batch, wire::Seq last);

  std::size_t upgrade_request(std::uint64_t room) const;
  static std::size_t upgrade_answer();
  static std::size_t frame(std::size_t payload, bool masked);

 private:
  clients::RequestStyle style(std::string_view lines) const;

  clients::RequestHeaders headers_;
  bool close_each_;
  double hold_s_;
  std::size_t kept_;         // the end of an answer's head
  std::size_t nothing_new_;  // a 204 without it
  std::size_t answer_;       // a 200 without it, its body and the digits of its length
};

}  // namespace pushbench::harness
