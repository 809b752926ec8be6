#include "harness/ledger.h"

#include <cstdint>

#include "harness/byte_model.h"

namespace pushbench::harness {

double Ledger::written(double bytes) const { return bytes + (tls_ ? tls_records(bytes) : 0); }

double Ledger::on_the_wire(double bytes) const {
  return written(bytes) + packet_headers(written(bytes), segment_);
}

/// By the rules of net/segments.h, for segments of any length.
double Ledger::acknowledgements(double bytes, bool answered) const {
  const double segments = packet_headers(written(bytes), segment_) / net::kSegmentHeader;
  const std::uint64_t full = static_cast<std::uint64_t>(segments) * net::kSegmentPayload;
  return static_cast<double>(answered ? net::ack_bytes_if_answered(full) : net::ack_bytes(full));
}

void Ledger::up(double times, double bytes, bool acknowledged) {
  if (times <= 0) return;
  application_up_ += times * bytes;
  network_up_ += times * on_the_wire(bytes);
  network_down_ += times * acknowledgements(bytes, !acknowledged);
}

void Ledger::down(double times, double bytes, bool acknowledged) {
  if (times <= 0) return;
  application_down_ += times * bytes;
  network_down_ += times * on_the_wire(bytes);
  network_up_ += times * acknowledgements(bytes, !acknowledged);
}

void Ledger::add_bare(double times, net::BareBytes bytes) {
  network_up_ += times * static_cast<double>(bytes.out);
  network_down_ += times * static_cast<double>(bytes.in);
}

void Ledger::connect(double times) {
  add_bare(times, net::kOpening);
  // Under TLS the first segments are the handshake's, which is left out.
  if (!tls_) add_bare(times, net::kFirstAcks);
}

void Ledger::disconnect(double times) { add_bare(times, net::kClosingByPeer); }

}  // namespace pushbench::harness
