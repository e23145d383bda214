import Strata
package import StrataMonitor

extension ServerMonitor {
    /// What the dashboard shows of the server beside its maps.
    func dashboardFacts() -> DashboardFacts {
        let metrics = serverMetrics()
        var facts = DashboardFacts()
        facts.version = StrataVersion.current
        facts.uptime = metrics.uptimeSeconds
        facts.requestTotal = Int(metrics.processedCommandCount)
        facts.usedMemory = metrics.usedMemoryByteCount
        facts.memoryLimit = metrics.maximumMemoryByteCount > 0 ? metrics.maximumMemoryByteCount : nil
        facts.makesRoom = metrics.makesRoom
        facts.connections = metrics.connectedClientCount
        facts.connectionLimit = metrics.maximumClientCount > 0 ? metrics.maximumClientCount : nil
        facts.acceptedTotal = Int(metrics.acceptedConnectionCount)
        facts.rejectedTotal = Int(metrics.rejectedConnectionCount)
        source.complete(&facts)
        return facts
    }
}

extension ServerConfiguration {
    /// Why keys are not to be shown to whoever reaches the HTTP side, which asks for no password; `nil` if they may be.
    var hidesKeys: String? {
        guard !isBoundToLoopback else { return nil }
        return "Keys are not shown: other machines can reach this page, and it asks for no password."
    }
}

extension Server {
    package func complete(_ facts: inout DashboardFacts) {
        facts.role = "store"
        facts.address = address(ofPort: state.settings["port"])
        facts.memoryParts = state.encodings.parts(state.databases)
        facts.hidesKeys = state.configuration.hidesKeys
    }

    private func address(ofPort port: String) -> String {
        let host = state.configuration.bindAddress
        return "\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}

extension SidecarServer {
    package func complete(_ facts: inout DashboardFacts) {
        facts.role = "near cache in front of \(upstreamText)"
        facts.hidesKeys = configuration.hidesKeys
        let coverage = near.coverage
        if coverage.reported < coverage.known {
            facts.concerns.append(
                .init(
                    .critical,
                    """
                    Changes of \(coverage.known - coverage.reported) of \(coverage.known) servers behind aren't reported at the moment: \
                    what they hold is passed on and not cached.
                    """))
        }
    }
}
