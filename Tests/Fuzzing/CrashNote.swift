// SPDX-License-Identifier: Apache-2.0
// Says which input a process died of. Runs inside a signal handler, so it allocates nothing.

import Glibc
import Synchronization

enum CrashNote {
  /// Address of a C string that is never freed while it stands here.
  private static let text = Atomic<UInt>(0)
  private static let index = Atomic<UInt64>(0)
  private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM]

  static func begin(target: String, seed: UInt64) {
    let command = "tandem-fuzz --target \(target) --seed \(seed) --show "
    let words = strdup("\nthe reader died; this shows the input and repeats it:\n  \(command)")
    let old = text.exchange(UInt(bitPattern: words), ordering: .sequentiallyConsistent)
    free(UnsafeMutableRawPointer(bitPattern: old))
    for number in signals { signal(number) { CrashNote.report($0) } }
  }

  static func end() {
    alarm(0)
    for number in signals { signal(number, SIG_DFL) }
  }

  static func at(_ index: UInt64) { self.index.store(index, ordering: .relaxed) }

  /// The same, and winds the alarm that ends a hang.
  static func at(_ index: UInt64, secondsMax: UInt32) {
    at(index)
    alarm(secondsMax)
  }

  private static func report(_ number: CInt) {
    if let words = UnsafePointer<CChar>(bitPattern: text.load(ordering: .relaxed)) {
      write(2, words, strlen(words))
    }
    // Twenty digits and the end of the line, least significant first.
    var rest = index.load(ordering: .relaxed)
    var divisor: UInt64 = 10_000_000_000_000_000_000
    while divisor > 1, rest / divisor == 0 { divisor /= 10 }
    while divisor > 0 {
      var digit = UInt8(ascii: "0") + UInt8(rest / divisor)
      write(2, &digit, 1)
      rest %= divisor
      divisor /= 10
    }
    var newline = UInt8(ascii: "\n")
    write(2, &newline, 1)
    signal(number, SIG_DFL)
    raise(number)
  }
}

enum ProcessMemory {
  /// Resident bytes of this process; 0 when the kernel does not tell.
  static func resident() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, 256, file) != nil else { return 0 }
    let words = line.prefix { $0 != 0 }.split(separator: CChar(UInt8(ascii: " ")))
    guard words.count > 1 else { return 0 }
    let pages = words[1].reduce(0) { $0 * 10 + Int($1 - CChar(UInt8(ascii: "0"))) }
    return pages * Int(getpagesize())
  }
}
