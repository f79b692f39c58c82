import Glibc

/// What memory the machine has.
public enum SystemMemory {
  /// Bytes of physical memory.
  public static var byteCount: Int {
    let pages = sysconf(Int32(_SC_PHYS_PAGES)), size = sysconf(Int32(_SC_PAGESIZE))
    return pages > 0 && size > 0 ? pages * size : 1 << 32
  }
}

extension SystemMemory {
  /// The largest resident set that the process has had, in bytes.
  public static var peakByteCount: Int {
    var usage = rusage()
    guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
    return usage.ru_maxrss * 1024
  }
}
