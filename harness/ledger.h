#pragma once

#include "net/clock.h"
#include "net/segments.h"

namespace pushbench::harness {

/// How long Linux keeps an acknowledgement back for data to carry it.
inline constexpr net::Duration kDelayedAck = std::chrono::milliseconds(40);

/// Adds up what crosses a link, in the layers of section 5 of the design. How TCP packs it follows
/// rules that docs/theory.md states: what is written in one go is cut into segments of `segment`
/// bytes; every other segment is acknowledged, and the last one unless an answer does that.
class Ledger {
 public:
  Ledger(double segment, bool tls) : segment_(segment), tls_(tls) {}

  // `times` such writes of `bytes` each. With `acknowledged` the other side says by itself that it
  // has the last segment; else an answer says so.
  void up(double times, double bytes, bool acknowledged);
  void down(double times, double bytes, bool acknowledged);
  void acknowledge_down(double times) { add_bare(times, {0, net::kSegmentHeader}); }
  // Each side's first segment is acknowledged in it: the first request and the first answer cost no
  // acknowledgement of their last segment beside.
  void connect(double times);     // what opens a connection
  void disconnect(double times);  // those that end one, by the server

  double application_up() const { return application_up_; }
  double application_down() const { return application_down_; }
  double network_up() const { return network_up_; }
  double network_down() const { return network_down_; }

 private:
  double written(double bytes) const;
  double on_the_wire(double bytes) const;
  double acknowledgements(double bytes, bool answered) const;
  void add_bare(double times, net::BareBytes bytes);

  double segment_;
  bool tls_;
  double application_up_ = 0;
  double application_down_ = 0;
  double network_up_ = 0;
  double network_down_ = 0;
};

}  // namespace pushbench::harness
