import Strata

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the system says the process uses, and may use.
public struct ProcessFigures: Hashable, Codable, Sendable {
    /// Processor time used so far, in seconds.
    public var processorSeconds = 0.0
    /// Memory in use, in bytes.
    public var residentByteCount = 0
    /// Threads.
    public var threadCount = 0
    /// Processors it may use: those it is allowed to run on, or the quota of its control group if that is less.
    public var processorCount = 1.0

    /// Figures of nothing.
    public init() {}

    /// The figures of this moment; those that can't be had are 0.
    ///
    /// - Complexity: Reads two or three small files of `/proc` and `/sys`: some tens of microseconds.
    public static func current() -> ProcessFigures {
        var figures = ProcessFigures()
        if let stat = text(of: "/proc/self/stat") { figures.take(stat: stat) }
        figures.processorCount = processorCount
        return figures
    }

    /// The unit of the times in `/proc/self/stat`.
    private static let ticksPerSecond = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
    private static let pageSize = max(Int(sysconf(Int32(_SC_PAGESIZE))), 1)

    /// Takes over a line as `/proc/self/stat` has it; see `proc(5)`.
    mutating func take(stat: String) {
        // The second field is the program's name in parentheses and may contain anything.
        guard let end = stat.utf8.lastIndex(of: UInt8(ascii: ")")) else { return }
        let fields = stat[stat.index(after: end)...].split(whereSeparator: { $0 == " " || $0 == "\n" })
        guard fields.count > 21 else { return }
        processorSeconds = ((Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)) / Self.ticksPerSecond
        threadCount = Int(fields[17]) ?? 0
        residentByteCount = (Int(fields[21]) ?? 0) * Self.pageSize
    }

    /// Read once: quotas change rarely, and then the process is started anew as a rule.
    private static let processorCount: Double = {
        let allowed = Double(AvailableProcessors.count)
        let granted =
            text(of: "/sys/fs/cgroup/cpu.max").flatMap { quota(ofSecondVersion: $0) }
            ?? quota(
                ofFirstVersion: text(of: "/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
                text(of: "/sys/fs/cgroup/cpu/cpu.cfs_period_us"))
        return granted.map { min($0, allowed) } ?? allowed
    }()

    /// Processors as `cpu.max` of version 2 has them: quota and period in microseconds; `nil` for no limit.
    static func quota(ofSecondVersion text: String) -> Double? {
        let fields = text.split(whereSeparator: \.isWhitespace)
        guard fields.count == 2, let quota = Double(fields[0]), let period = Double(fields[1]), period > 0, quota > 0
        else {
            return nil
        }
        return quota / period
    }

    /// Processors as the two files of version 1 have them.
    static func quota(ofFirstVersion quota: String?, _ period: String?) -> Double? {
        guard let quota = quota?.split(whereSeparator: \.isWhitespace).first.flatMap({ Double($0) }),
            let period = period?.split(whereSeparator: \.isWhitespace).first.flatMap({ Double($0) }), quota > 0,
            period > 0
        else { return nil }
        return quota / period
    }

    private static func text(of path: String) -> String? {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(file, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
