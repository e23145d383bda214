import Foundation

/// An authority with a server's certificate for localhost and a client's, made by openssl for one test.
struct TestCertificates {
    let authority: String
    let serverCertificate: String
    let serverKey: String
    let clientCertificate: String
    let clientKey: String

    init(in directory: URL) async throws {
        func path(_ name: String) -> String { directory.appending(path: name).path }
        func openssl(_ arguments: String...) async throws { try await TestServer.run("/usr/bin/openssl", arguments) }
        authority = path("ca.crt")
        (serverCertificate, serverKey) = (path("server.crt"), path("server.key"))
        (clientCertificate, clientKey) = (path("client.crt"), path("client.key"))
        try await openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", path("ca.key"), "-out", authority, "-days", "2",
            "-subj", "/CN=Test authority")
        try "subjectAltName=DNS:localhost".write(toFile: path("san"), atomically: true, encoding: .utf8)
        for (name, certificate, key) in [
            ("server", serverCertificate, serverKey), ("client", clientCertificate, clientKey),
        ] {
            let request = path("\(name).csr")
            try await openssl(
                "req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj", "/CN=\(name)")
            try await openssl(
                "x509", "-req", "-in", request, "-CA", authority, "-CAkey", path("ca.key"), "-CAcreateserial", "-out",
                certificate, "-days", "2", "-extfile", path("san"))
        }
    }
}
