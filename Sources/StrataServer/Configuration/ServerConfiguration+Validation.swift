import NIOCore

extension ServerConfiguration {
    /// Checks what no single value can tell: whether the values go together and are safe.
    ///
    /// - Throws: ``ConfigurationError`` for the first thing that is wrong.
    public func validate() throws(ConfigurationError) {
        if bindAddress.allSatisfy({ "0123456789.:".contains($0) }),
            (try? SocketAddress(ipAddress: bindAddress, port: 0)) == nil
        {
            throw ConfigurationError(origin: "--bind", reason: "'\(bindAddress)' is not an IP address")
        }
        if password == nil, !isBoundToLoopback {
            throw ConfigurationError(
                origin: "--bind",
                reason: """
                    \(bindAddress) can be reached from other machines, and without a password everybody there could read and change \
                    everything. Give a password with --password-file, or bind to 127.0.0.1.
                    """)
        }
        for (value, range, option) in [
            (forecastLeadSeconds, Self.forecastLeads, "forecast-lead"),
            (forecastPeriodSeconds, Self.forecastPeriods, "forecast-period"),
        ] where !range.contains(value) {
            throw ConfigurationError(
                origin: "--\(option)",
                reason: "\(value) is out of range; seconds from \(range.lowerBound) to \(range.upperBound) are needed")
        }
        guard forecastLeadSeconds <= forecastPeriodSeconds / 4 else {
            throw ConfigurationError(
                origin: "--forecast-lead",
                reason: """
                    \(forecastLeadSeconds) seconds are more than a quarter of --forecast-period (\(forecastPeriodSeconds)), and further than a \
                    period nothing is foreseen; give a longer period as well
                    """)
        }
        if let httpPort, httpPort == port, port != 0 {
            throw ConfigurationError(reason: "--port and --http-port are both \(port); they must differ")
        }
        if let tls {
            for (path, option, other) in [
                (tls.certificatePath, "tls-cert", "tls-key"), (tls.keyPath, "tls-key", "tls-cert"),
            ] {
                guard !path.isEmpty else {
                    throw ConfigurationError(reason: "--\(other) needs --\(option) as well")
                }
                do throws(ConfigurationError) {
                    _ = try FileContents.read(path, maximumByteCount: 1 << 20)
                } catch {
                    throw ConfigurationError(origin: "--\(option)", reason: error.reason)
                }
            }
        }
    }

    /// Leads that are possible: measured once a second, less than a quarter of a minute tells nothing.
    static let forecastLeads = 15...648_000
    /// Periods that are possible.
    static let forecastPeriods = 60...2_592_000

    /// Whether only this machine can reach the server.
    public var isBoundToLoopback: Bool {
        if bindAddress.lowercased() == "localhost" { return true }
        guard let address = try? SocketAddress(ipAddress: bindAddress, port: 0) else { return false }
        // In the system's own spelling, so that a long form of an address is no way around the check.
        let canonical = address.ipAddress ?? ""
        return switch address.protocol {
        case .inet: canonical.hasPrefix("127.")
        case .inet6: canonical == "::1" || canonical.hasPrefix("::ffff:127.")
        default: false
        }
    }
}
