import Glibc

/// What memory the machine has.
public enum SystemMemory {
  /// Bytes of physical memory, or of the address space that the process may have if that is less.
  public static var byteCount: Int {
    let pages = sysconf(Int32(_SC_PHYS_PAGES)), size = sysconf(Int32(_SC_PAGESIZE))
    return min(pages > 0 && size > 0 ? pages * size : 1 << 32, allowedByteCount)
  }

  private static var allowedByteCount: Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return Int.max }
    return Int(clamping: limit.rlim_cur)
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
