import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Whether a host lets bpftrace watch programs from outside: what that needs, one by one, and what is missing.
///
/// `strata watch` needs none of it. It is for programs that can't be preloaded, or that are running already.
public struct BPFSupport: Sendable, Codable, Equatable {
    /// One thing that is needed.
    public struct Requirement: Sendable, Codable, Equatable {
        /// What it is, as in "uprobes".
        public var name: String
        /// Whether the host has it.
        public var isMet: Bool
        /// What was found, and what to do if it isn't there.
        public var finding: String
    }

    /// In the order in which they'd be put right.
    public var requirements: [Requirement]

    /// Whether everything is there.
    public var isUsable: Bool { requirements.allSatisfy(\.isMet) }

    /// One line per requirement and a verdict.
    public var text: String {
        let lines = requirements.map { "\($0.isMet ? "yes" : "no ")  \($0.name): \($0.finding)" }
        let verdict =
            isUsable
            ? "bpftrace can watch Swift programs here: see Observability/bpftrace."
            : "bpftrace can't watch programs here. 'strata watch' can: it needs none of this."
        return (lines + [verdict]).joined(separator: "\n") + "\n"
    }

    /// Looks at this host.
    public static func ofThisHost() -> BPFSupport {
        check(
            root: "/", isRoot: geteuid() == 0,
            path: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin")
    }

    /// Looks at the files under `root`, which is another place in tests.
    static func check(root: String, isRoot: Bool, path: String) -> BPFSupport {
        let files = FileManager.default
        func read(_ name: String) -> String? {
            files.contents(atPath: root + name).map { String(decoding: $0, as: UTF8.self) }
        }
        var requirements: [Requirement] = []

        // Bits 38 and 39 of the capabilities: CAP_PERFMON and CAP_BPF; 21 is CAP_SYS_ADMIN, which includes both.
        let status = read("proc/self/status") ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let capabilities = line.flatMap { UInt64($0.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16) } ?? 0
        let isPrivileged = capabilities & (1 << 21) != 0 || (capabilities >> 38) & 3 == 3
        requirements.append(
            Requirement(
                name: "privileges", isMet: isPrivileged,
                finding: isPrivileged
                    ? "this process may load BPF programs"
                    : isRoot
                        ? "root without CAP_BPF and CAP_PERFMON, as in most containers: start it with these, or with --privileged"
                        : "neither root nor CAP_BPF and CAP_PERFMON: use sudo"))

        let lockdown = read("sys/kernel/security/lockdown") ?? "[none]"
        let isOpen = !lockdown.contains("[confidentiality]")
        requirements.append(
            Requirement(
                name: "lockdown", isMet: isOpen,
                finding: isOpen
                    ? "the kernel isn't locked down"
                    : "the kernel is locked down for confidentiality and lets nobody read memory"))

        let tracefs = ["sys/kernel/tracing", "sys/kernel/debug/tracing"]
            .first {
                files.fileExists(atPath: root + $0 + "/available_events")
                    || files.fileExists(atPath: root + $0 + "/trace")
            }
        requirements.append(
            Requirement(
                name: "tracefs", isMet: tracefs != nil,
                finding: tracefs.map { "mounted at /\($0)" }
                    ?? "not mounted or not readable: mount -t tracefs nodev /sys/kernel/tracing, as root"))

        let device = read("sys/bus/event_source/devices/uprobe/type")
        let events = tracefs.map { files.fileExists(atPath: root + $0 + "/uprobe_events") } ?? false
        requirements.append(
            Requirement(
                name: "uprobes", isMet: device != nil || events,
                finding: device != nil || events
                    ? "the kernel can stop at a function of a program"
                    : "the kernel was built without them (CONFIG_UPROBE_EVENTS), or doesn't show them"))

        let jit = read("proc/sys/net/core/bpf_jit_enable")
        let hasBPF =
            jit != nil || files.fileExists(atPath: root + "sys/fs/bpf")
            || files.fileExists(atPath: root + "proc/sys/kernel/unprivileged_bpf_disabled")
        requirements.append(
            Requirement(
                name: "BPF", isMet: hasBPF,
                finding: hasBPF
                    ? "the kernel runs BPF programs" : "the kernel was built without it (CONFIG_BPF_SYSCALL)"))

        let tool = path.split(separator: ":").map { "\($0)/bpftrace" }.first(where: files.isExecutableFile(atPath:))
        requirements.append(
            Requirement(
                name: "bpftrace", isMet: tool != nil,
                finding: tool ?? "not installed: apt install bpftrace, or your system's way of doing that"))
        return BPFSupport(requirements: requirements)
    }
}
