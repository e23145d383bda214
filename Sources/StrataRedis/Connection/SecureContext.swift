package import NIOSSL

extension RedisConfiguration.TLS {
    /// What TLS connections are made with.
    ///
    /// Reads the files.
    ///
    /// - Throws: ``RedisError/Code/invalidRequest``, which names the file that can't be used.
    package func makeContext() throws(RedisError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = verifiesServer ? .fullVerification : .none
        if let authorityFile {
            let certificates = try Self.read("CA file", authorityFile) { try NIOSSLCertificate.fromPEMFile($0) }
            configuration.trustRoots = .certificates(certificates)
        }
        if let certificateFile {
            let certificates = try Self.read("certificate file", certificateFile) {
                try NIOSSLCertificate.fromPEMFile($0)
            }
            configuration.certificateChain = certificates.map { .certificate($0) }
        }
        if let privateKeyFile {
            let key = try Self.read("key file", privateKeyFile) { try NIOSSLPrivateKey(file: $0, format: .pem) }
            configuration.privateKey = .privateKey(key)
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw RedisError(.invalidRequest, "TLS can't be set up: \(error)")
        }
    }

    private static func read<T>(_ what: String, _ path: String, _ body: (String) throws -> T) throws(RedisError) -> T {
        do { return try body(path) } catch {
            throw RedisError(.invalidRequest, "the \(what) \(path) can't be used: \(error)")
        }
    }
}
