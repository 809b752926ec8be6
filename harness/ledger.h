#pragma once

namespace pushbench::harness {

/// Adds up what crosses a link, in the layers of section 5 of the design. How TCP packs it follows
/// rules that docs/theory.md states: what is written in one go is cut into segments of `segment`
/// bytes; every other segment is acknowledged, by itself unless an answer carries it.
class Ledger {
 public:
  Ledger(double segment, bool tls) : segment_(segment), tls_(tls) {}

  // `times` such writes of `bytes` each. Those with `acknowledged` cost the other side packets of
  // their own.
  void up(double times, double bytes, bool acknowledged);
  void down(double times, double bytes, bool acknowledged);
  void acknowledge_down(double times) { network_down_ += times * kAcknowledgement; }
  void connect(double times);     // the three packets that open a connection
  void disconnect(double times);  // those that end one, by the server

  double application_up() const { return application_up_; }
  double application_down() const { return application_down_; }
  double network_up() const { return network_up_; }
  double network_down() const { return network_down_; }

 private:
  static constexpr double kAcknowledgement = 52;

  double on_the_wire(double bytes) const;
  double acknowledgements(double bytes) const;

  double segment_;
  bool tls_;
  double application_up_ = 0;
  double application_down_ = 0;
  double network_up_ = 0;
  double network_down_ = 0;
};

}  // namespace pushbench::harness
