module;

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

module weakref;

namespace weakref {
namespace {

/// What the system answers, or an exception.
template <class N>
N checked(N answer, const char* what) {
  if (answer < 0) throw std::system_error(errno, std::generic_category(), what);
  return answer;
}

/// The call again, when a signal has interrupted it.
template <class Call>
auto uninterrupted(Call call) {
  for (;;) {
    const auto answer = call();
    if (answer >= 0 || errno != EINTR) return answer;
  }
}

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
    throw std::system_error(EINVAL, std::generic_category(), "not an IPv4 address: " + host);
  }
  return address;
}

/// Closes the descriptor if there is no memory for its owner.
strong_ref<socket> owner_of(int descriptor) {
  try {
    return make<socket>(descriptor);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
}

/// The system's functions take any kind of address by the same pointer.
sockaddr* any(sockaddr_in& address) noexcept { return reinterpret_cast<sockaddr*>(&address); }

}  // namespace

socket::socket() : socket(AF_INET, SOCK_STREAM) {}

socket::socket(int family, int type, int protocol)
    : descriptor_(checked(::socket(family, type | SOCK_CLOEXEC, protocol), "socket")) {}

socket::~socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void socket::bind(const std::string& host, std::uint16_t port) {
  sockaddr_in address = address_of(host, port);
  checked(::bind(descriptor_, any(address), sizeof address), "bind");
}

void socket::listen(int backlog) { checked(::listen(descriptor_, backlog), "listen"); }

strong_ref<socket> socket::accept() {
  const int accepted = checked(
      uninterrupted([this] { return ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC); }), "accept");
  return owner_of(accepted);
}

void socket::connect(const std::string& host, std::uint16_t port) {
  sockaddr_in address = address_of(host, port);
  checked(::connect(descriptor_, any(address), sizeof address), "connect");
}

std::size_t socket::send(std::string_view bytes) {
  return static_cast<std::size_t>(checked(
      uninterrupted([&] { return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }), "send"));
}

void socket::sendall(std::string_view bytes) {
  while (!bytes.empty()) bytes.remove_prefix(send(bytes));
}

std::string socket::recv(std::size_t most) {
  std::string bytes(most, '\0');
  const auto got =
      checked(uninterrupted([&] { return ::recv(descriptor_, bytes.data(), bytes.size(), 0); }), "recv");
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

std::pair<std::string, std::uint16_t> socket::getsockname() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  checked(::getsockname(descriptor_, any(address), &size), "getsockname");
  std::array<char, INET_ADDRSTRLEN> host{};
  inet_ntop(AF_INET, &address.sin_addr, host.data(), host.size());
  return {host.data(), ntohs(address.sin_port)};
}

void socket::close() {
  const int descriptor = std::exchange(descriptor_, -1);
  if (descriptor >= 0) checked(::close(descriptor), "close");
}

std::pair<strong_ref<socket>, strong_ref<socket>> socketpair() {
  std::array<int, 2> ends{};
  checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), "socketpair");
  strong_ref<socket> first;
  try {
    first = owner_of(ends[0]);
  } catch (...) {
    ::close(ends[1]);
    throw;
  }
  return {first, owner_of(ends[1])};
}

}  // namespace weakref
