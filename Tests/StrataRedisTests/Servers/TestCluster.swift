import Foundation
import StrataRedis
import Testing

/// Three primaries with a replica each, that a test starts, and that end with it.
final class TestCluster: Sendable {
    let servers: [TestServer]

    init() async throws {
        var options = TestServer.Options()
        options.isCluster = true
        let started = options
        servers = try await withThrowingTaskGroup(of: TestServer.self) { group in
            for _ in 0..<6 { group.addTask { try TestServer(started) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        var arguments = ["--cluster", "create"]
        arguments += servers.map { "127.0.0.1:\($0.port)" }
        try TestServer.run("/usr/bin/redis-cli", arguments + ["--cluster-replicas", "1", "--cluster-yes"])
        await eventually("the cluster is ready") {
            servers.allSatisfy { ((try? $0.cli("CLUSTER", "INFO")) ?? "").contains("cluster_state:ok") }
                && servers.count { ((try? $0.cli("INFO", "replication")) ?? "").contains("master_link_status:up") } == 3
        }
    }

    var configuration: RedisConfiguration {
        var configuration = servers[0].configuration
        configuration.topology = .cluster
        configuration.endpoints = servers.prefix(3).map(\.endpoint)
        configuration.topologyInterval = .seconds(1)
        return configuration
    }

    func server(_ endpoint: RedisEndpoint) throws -> TestServer {
        guard let server = servers.first(where: { $0.port == endpoint.port }) else {
            throw TestServerError(description: "\(endpoint) is none of the cluster")
        }
        return server
    }

    /// The cluster's own name of a server.
    func name(_ server: TestServer) throws -> String {
        try server.cli("CLUSTER", "MYID").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Moves a slot with all its keys from one server to another, as an administrator's tool does.
    func migrate(slot: Int, from source: TestServer, to target: TestServer) throws {
        let (sourceName, targetName) = (try name(source), try name(target))
        try target.cli("CLUSTER", "SETSLOT", String(slot), "IMPORTING", sourceName)
        try source.cli("CLUSTER", "SETSLOT", String(slot), "MIGRATING", targetName)
        while true {
            let keys = try source.cli("CLUSTER", "GETKEYSINSLOT", String(slot), "10").split(separator: "\n").map(
                String.init)
            if keys.isEmpty { break }
            for key in keys { try source.cli("MIGRATE", "127.0.0.1", String(target.port), key, "0", "5000") }
        }
        for server in [target, source] { try server.cli("CLUSTER", "SETSLOT", String(slot), "NODE", targetName) }
    }
}
