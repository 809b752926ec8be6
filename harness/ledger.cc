#include "harness/ledger.h"

#include "harness/byte_model.h"
#include "net/segments.h"

namespace pushbench::harness {

namespace {
constexpr auto kSyn = static_cast<double>(net::kSynHeader);
}

double Ledger::on_the_wire(double bytes) const {
  const double written = bytes + (tls_ ? tls_records(bytes) : 0);
  return written + packet_headers(written, segment_);
}

double Ledger::acknowledgements(double bytes) const {
  const double segments = packet_headers(bytes, segment_) / kAcknowledgement;
  return kAcknowledgement * (segments <= 1 ? 1 : segments / 2);
}

void Ledger::up(double times, double bytes, bool acknowledged) {
  if (times <= 0) return;
  application_up_ += times * bytes;
  network_up_ += times * on_the_wire(bytes);
  if (acknowledged) network_down_ += times * acknowledgements(bytes);
}

void Ledger::down(double times, double bytes, bool acknowledged) {
  if (times <= 0) return;
  application_down_ += times * bytes;
  network_down_ += times * on_the_wire(bytes);
  if (acknowledged) network_up_ += times * acknowledgements(bytes);
}

void Ledger::connect(double times) {
  network_up_ += times * (kSyn + kAcknowledgement);
  network_down_ += times * kSyn;
}

/// FIN, FIN with its acknowledgement, acknowledgement.
void Ledger::disconnect(double times) {
  network_up_ += times * kAcknowledgement;
  network_down_ += times * 2 * kAcknowledgement;
}

}  // namespace pushbench::harness
