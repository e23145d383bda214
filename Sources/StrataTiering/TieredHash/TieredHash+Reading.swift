public import Strata

extension TieredHash {
    /// The value of a field, if the first tier has it.
    ///
    /// Never waits, asks nobody, and starts nothing. Values whose changes may have gone unreported are served within
    /// ``Configuration/suspectBound``.
    ///
    /// **Concurrency:** from any thread; takes no lock, and allocates the result alone.
    ///
    /// - Complexity: that of a read of the hash store.
    @inlinable
    public func peek(_ key: some ByteKey & ~Escapable, _ field: some ByteKey & ~Escapable) -> [UInt8]? {
        withPeeked(key, field) { span in
            guard let span else { return nil }
            return span.withUnsafeBytes { [UInt8]($0) }
        }
    }

    /// Lends the bytes of a field to a closure, if the first tier has them, without copying.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - field: The field.
    ///   - body: Called with the value's bytes, or `nil`. Must be brief, and not wait for anything.
    /// - Returns: What the closure returns.
    @inlinable
    public func withPeeked<Result>(
        _ key: some ByteKey & ~Escapable, _ field: some ByteKey & ~Escapable, _ body: (RawSpan?) -> Result
    ) -> Result {
        let pin = Epoch.pin()
        defer { pin.end() }
        let value = key.withBytes { key in
            field.withBytes { field in
                key.withUnsafeBytes { key in field.withUnsafeBytes { pinnedValue(key, $0) } }
            }
        }
        // SAFETY: the bytes lie in a block that isn't freed before the section ends.
        guard let value else { return body(nil) }
        return body(value.bytes)
    }

    /// The bytes of a field that may be served, valid while the caller is pinned.
    @usableFromInline
    func pinnedValue(_ key: UnsafeRawBufferPointer, _ field: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let value =
            FieldNames.isReserved(field)
            ? FieldNames.stored([UInt8](field)).withUnsafeBytes { local.pinnedValue(key, $0) }
            : local.pinnedValue(key, field)
        counters.addPeek(isHit: value != nil)
        return value
    }

    /// The value of a field, from the first tier or the second.
    ///
    /// - Returns: `nil` if neither has it, or it is known that the source has nothing.
    /// - Throws: ``TieredError``, when the second tier can't be asked and the first has nothing that may be served.
    ///
    /// **Concurrency:** a hit of the first tier returns without suspending.
    public nonisolated(nonsending) func get(
        _ key: some ByteKey, _ field: some ByteKey, options: TieredReadOptions = .init()
    ) async throws -> [UInt8]? {
        if let value = freshValue(key, field, options) { return value }
        return try await fetch(key.copied, [field.copied], options, nil)[0].value
    }

    /// A value that needs no closer look, copied: no lock, and no allocation beyond the result.
    private func freshValue(
        _ key: some ByteKey, _ field: some ByteKey, _ options: TieredReadOptions
    ) -> [UInt8]? {
        guard options.maximumStaleness == nil, options.provenance == nil, queue.count == 0 else { return nil }
        let pin = Epoch.pin()
        defer { pin.end() }
        let found = key.withBytes { key in
            field.withBytes { field in
                key.withUnsafeBytes { key in field.withUnsafeBytes { local.pinnedFreshValue(key, $0) } }
            }
        }
        // SAFETY: the bytes lie in a block that isn't freed before the section ends.
        guard let found else { return nil }
        counters.addFreshHit()
        return [UInt8](found)
    }

    /// The values of several fields, in their order; those that the first tier doesn't know are asked of the second in one round trip.
    ///
    /// - Returns: `nil` for each that neither tier has.
    /// - Throws: ``TieredError``.
    public nonisolated(nonsending) func get(
        _ key: some ByteKey, _ fields: [some ByteKey], options: TieredReadOptions = .init()
    ) async throws -> [[UInt8]?] {
        try await fetch(key.copied, fields.map(\.copied), options, nil).map(\.value)
    }

    /// The value of a field, from the first tier, the second, or the source.
    ///
    /// However many ask for it at once, one loader runs, and all get what it returns or throws. A caller that is cancelled, or
    /// whose budget ends, leaves; the load goes on, and what it brings is kept. What was invalidated since the load began isn't.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - field: The field.
    ///   - options: What this call wants otherwise.
    ///   - loader: Gets it from the source.
    /// - Returns: `nil` if the source has nothing.
    /// - Throws: What the loader throws; ``TieredError``.
    public nonisolated(nonsending) func load(
        _ key: some ByteKey, _ field: some ByteKey, options: TieredReadOptions = .init(), loader: @escaping FieldLoader
    ) async throws -> [UInt8]? {
        if let value = freshValue(key, field, options) { return value }
        return try await fetch(key.copied, [field.copied], options, loader)[0].value
    }

    /// The values of several fields; the loader is called once for all that neither tier has.
    ///
    /// - Returns: The values in the order of the fields, `nil` where the source has nothing.
    /// - Throws: What the loader throws; ``TieredError``.
    public nonisolated(nonsending) func load(
        _ key: some ByteKey, _ fields: [some ByteKey], options: TieredReadOptions = .init(),
        loader: @escaping FieldLoader
    ) async throws -> [[UInt8]?] {
        try await fetch(key.copied, fields.map(\.copied), options, loader).map(\.value)
    }
}

extension RemoteField.Content {
    /// The value, where there is one.
    var value: [UInt8]? { if case .value(let value) = self { value } else { nil } }
}

extension ByteKey {
    /// The bytes, copied.
    var copied: [UInt8] { withBytes { $0.withUnsafeBytes { [UInt8]($0) } } }
}
