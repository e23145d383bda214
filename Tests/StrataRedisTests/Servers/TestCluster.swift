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
            for _ in 0..<6 { group.addTask { try await TestServer(started) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        var arguments = ["--cluster", "create"]
        arguments += servers.map { "127.0.0.1:\($0.port)" }
        try await TestServer.run("/usr/bin/redis-cli", arguments + ["--cluster-replicas", "1", "--cluster-yes"])
        await eventually("the cluster is ready") {
            var copied = 0
            for server in servers {
                guard ((try? await server.cli("CLUSTER", "INFO")) ?? "").contains("cluster_state:ok") else {
                    return false
                }
                if ((try? await server.cli("INFO", "replication")) ?? "").contains("master_link_status:up") {
                    copied += 1
                }
            }
            return copied == 3
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
    func name(_ server: TestServer) async throws -> String {
        try await server.cli("CLUSTER", "MYID").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Moves a slot with all its keys from one server to another, as an administrator's tool does.
    func migrate(slot: Int, from source: TestServer, to target: TestServer) async throws {
        let (sourceName, targetName) = (try await name(source), try await name(target))
        try await target.cli("CLUSTER", "SETSLOT", String(slot), "IMPORTING", sourceName)
        try await source.cli("CLUSTER", "SETSLOT", String(slot), "MIGRATING", targetName)
        while true {
            let keys = try await source.cli("CLUSTER", "GETKEYSINSLOT", String(slot), "10").split(separator: "\n").map(
                String.init)
            if keys.isEmpty { break }
            for key in keys { try await source.cli("MIGRATE", "127.0.0.1", String(target.port), key, "0", "5000") }
        }
        for server in [target, source] { try await server.cli("CLUSTER", "SETSLOT", String(slot), "NODE", targetName) }
    }
}
