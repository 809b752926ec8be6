#pragma once

namespace pushbench::net {

/// A member function bound to its object: no allocation, no capture. The object must outlive it.
class Callback {
 public:
  template <auto Method, class T>
  static Callback to(T* object) {
    return {object, [](void* self) { (static_cast<T*>(self)->*Method)(); }};
  }
  void operator()() const { call_(object_); }

 private:
  Callback(void* object, void (*call)(void*)) : object_(object), call_(call) {}
  void* object_;
  void (*call_)(void*);
};

}  // namespace pushbench::net
