import Glibc

/// What this process holds.
package enum ProcessMemory {
    /// The memory in use, in bytes: pages that are really there.
    package static var residentBytes: Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var pages = (0, 0)
        var buffer = [CChar](repeating: 0, count: 128)
        guard fgets(&buffer, 128, file) != nil else { return 0 }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let fields = text.split(separator: " ")
        if fields.count > 1 { pages.1 = Int(fields[1]) ?? 0 }
        return pages.1 * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
