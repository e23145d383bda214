import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension ConfigurationError {
    /// Says why a port can't be listened on, by what the system said.
    ///
    /// - Parameters:
    ///   - error: What binding threw.
    ///   - address: The address that was to be bound.
    ///   - port: The port that was to be bound.
    ///   - option: The option that chooses the port.
    /// - Returns: The reason in words, with what to do.
    static func binding(_ error: any Error, address: String, port: Int, option: ServerOption) -> ConfigurationError {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            ConfigurationError(
                origin: "--\(option.name)",
                reason: "port \(port) of \(address) is in use by another program; stop that or choose another port")
        case EACCES:
            ConfigurationError(
                origin: "--\(option.name)", reason: "this user may not listen on port \(port); choose one above 1023")
        case EADDRNOTAVAIL, EAFNOSUPPORT:
            ConfigurationError(origin: "--\(ServerOption.bind.name)", reason: "this machine has no address \(address)")
        case let number?:
            ConfigurationError(
                origin: "--\(option.name)",
                reason: "can't listen on \(address), port \(port): \(FileContents.message(number))")
        case nil where error is SocketAddressError:
            ConfigurationError(
                origin: "--\(ServerOption.bind.name)", reason: "'\(address)' is not an address or a known host name")
        case nil:
            error as? ConfigurationError
                ?? ConfigurationError(reason: "can't listen on \(address), port \(port): \(error)")
        }
    }
}
