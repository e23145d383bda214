/// What the system says the process uses.
struct ProcessUsage {
    /// Bytes of memory in use by the process, as the system counts them.
    var residentBytes = 0
    /// Seconds of processor time spent in the program, and in the system on its behalf.
    var userSeconds = 0.0
    var systemSeconds = 0.0

    private static let pageSize = 4096
    /// The unit of the times in `/proc/self/stat`; fixed on Linux.
    private static let ticksPerSecond = 100.0

    /// Reads the figures of this moment; those that can't be had are 0.
    init() {
        if let text = Self.read("/proc/self/statm") {
            let fields = text.split(separator: " ")
            if fields.count > 1, let pages = Int(fields[1]) { residentBytes = pages * Self.pageSize }
        }
        // The second field is the program's name in parentheses and may contain spaces.
        if let text = Self.read("/proc/self/stat"), let end = text.lastIndex(of: ")") {
            let fields = text[text.index(after: end)...].split(separator: " ")
            if fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) {
                userSeconds = user / Self.ticksPerSecond
                systemSeconds = system / Self.ticksPerSecond
            }
        }
    }

    /// The memory of the machine, in bytes.
    static var machineBytes: Int {
        guard let line = read("/proc/meminfo")?.split(separator: "\n").first(where: { $0.hasPrefix("MemTotal:") })
        else { return 0 }
        return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 } ?? 0
    }

    private static func read(_ path: String) -> String? {
        (try? FileContents.read(path, maximumByteCount: 1 << 16)).map { String(decoding: $0, as: UTF8.self) }
    }
}
