import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How many files and sockets the system lets this process have open.
enum FileDescriptorLimit {
    /// Descriptors needed beside the clients' sockets: listeners, event loops, log, HTTP connections.
    private static let reserve = 256

    /// Raises the limit so that all clients fit, as far as the system allows; says so in the log where it doesn't.
    static func raise(for clientCount: Int, logger: Logger) {
        var limit = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return }
        let needed = rlim_t(clientCount + reserve)
        guard limit.rlim_cur < needed else { return }
        limit.rlim_cur = min(needed, limit.rlim_max)
        if setrlimit(resource, &limit) != 0 || limit.rlim_cur < needed {
            logger.warning(
                "the system allows fewer open sockets than --max-clients asks for",
                metadata: ["open_files": "\(limit.rlim_cur)", "needed": "\(needed)"])
        }
    }
}
