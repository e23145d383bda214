import Foundation
import StrataRESP
import Testing

@testable import StrataRedis

extension RealServers {
    /// TLS against a real server that asks for a client's certificate.
    @Suite
    struct SecureConnectionTests {
        private let directory: URL
        private let certificates: TestCertificates
        private let server: TestServer

        init() async throws {
            directory = FileManager.default.temporaryDirectory.appending(path: "strata-tls-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            certificates = try await TestCertificates(in: directory)
            var options = TestServer.Options()
            options.usesTLS = true
            options.arguments = [
                "--tls-ca-cert-file", certificates.authority, "--tls-cert-file", certificates.serverCertificate,
                "--tls-key-file",
                certificates.serverKey,
            ]
            server = try await TestServer(options)
        }

        private func url(_ options: String = "", host: String = "localhost") -> String {
            "rediss://\(host):\(server.port)?timeout=5s&ca=\(certificates.authority)&cert=\(certificates.clientCertificate)"
                + "&key=\(certificates.clientKey)\(options)"
        }

        private func failure(_ url: String) async throws -> RedisError? {
            let client = try RedisClient(RedisConfiguration(url: url))
            defer { Task { await client.shutdown() } }
            do throws(RedisError) {
                _ = try await client.send(RedisCommand("PING"))
                return nil
            } catch {
                return error
            }
        }

        @Test
        func connectsSecurely_andChecksWhoAnswers() async throws {
            defer { try? FileManager.default.removeItem(at: directory) }
            #expect(try await failure(url()) == nil)
            #expect(try await failure(url("&server-name=localhost", host: "127.0.0.1")) == nil)
            // A certificate for somebody else, none of the authority's, none of ours, no TLS.
            #expect(try await failure(url(host: "127.0.0.1"))?.code == .unavailable)
            #expect(try await failure(url("&server-name=example.org"))?.code == .unavailable)
            let bare = "rediss://localhost:\(server.port)?connect-timeout=1s"
            #expect(try await failure(bare)?.code == .unavailable)
            #expect(try await failure("\(bare)&ca=\(certificates.authority)")?.code == .unavailable)
            let plain = "redis://127.0.0.1:\(server.port)?connect-timeout=300ms&timeout=2s"
            #expect(try await failure(plain)?.code == .unavailable)
            // Without verification any name will do.
            #expect(try await failure(url("&server-name=example.org&verify=none")) == nil)
            #expect {
                try RedisClient(RedisConfiguration(url: "rediss://127.0.0.1?ca=/nonexistent.pem"))
            } throws: { ($0 as? RedisError)?.message.contains("/nonexistent.pem") ?? false }
        }

        @Test
        func endsCallsInTime_whenASecureServerStops() async throws {
            defer { try? FileManager.default.removeItem(at: directory) }
            var configuration = try RedisConfiguration(url: url())
            configuration.heartbeatInterval = .milliseconds(300)
            configuration.heartbeatTimeout = .milliseconds(300)
            configuration.connectionsPerNode = 1
            let client = try RedisClient(configuration)
            _ = try await client.send(RedisCommand("PING"))
            server.signal(SIGSTOP)
            // The peer of a TLS connection is to confirm its end; who is gone doesn't, and nobody waits for it.
            let duration = await measured {
                await #expect { try await client.send(RedisCommand("GET", "a"), timeout: .seconds(10)) } throws: { _ in
                    true
                }
            }
            #expect(duration < .seconds(3))
            server.signal(SIGCONT)
            await client.shutdown()
        }
    }
}
