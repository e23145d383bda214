public import Strata

extension TieredHash {
    /// Removes a field from both tiers.
    @discardableResult
    public nonisolated(nonsending) func remove(
        _ key: some ByteKey, _ field: some ByteKey, options: TieredWriteOptions = .init(), source: SourceWriter? = nil
    ) async throws -> TieredWriteOutcome {
        try await remove(key.copied, .fields([field.copied]), options, source)
    }

    /// Removes several fields from both tiers in one write.
    @discardableResult
    public nonisolated(nonsending) func remove(
        _ key: some ByteKey, _ fields: [some ByteKey], options: TieredWriteOptions = .init(),
        source: SourceWriter? = nil
    ) async throws -> TieredWriteOutcome {
        try await remove(key.copied, .fields(fields.map(\.copied)), options, source)
    }

    /// Removes a whole hash from both tiers.
    ///
    /// It ends the lease of whoever loads the key, so that what was there before doesn't come back; reads that are under way
    /// don't bring it back either.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - options: The order in which tiers are told, and whether the second one must be.
    ///   - source: Removes it from the source, if that is part of it; called first.
    /// - Returns: The tiers that have forgotten it.
    /// - Throws: What `source` throws; ``TieredError``.
    @discardableResult
    public nonisolated(nonsending) func remove(
        _ key: some ByteKey, options: TieredWriteOptions = .init(), source: SourceWriter? = nil
    ) async throws -> TieredWriteOutcome {
        try await remove(key.copied, .all, options, source)
    }

    private nonisolated(nonsending) func remove(
        _ key: [UInt8], _ fields: FieldSelection, _ options: TieredWriteOptions, _ source: SourceWriter?
    ) async throws -> TieredWriteOutcome {
        let deadline = deadline(of: options.budget)
        var tiers: Set<Tier> = []
        if let source {
            try await source()
            tiers.insert(.source)
        }
        let missing = clock.now().advanced(by: configuration.local.missingLifetime)
        var tombstones: [LocalFill] = []
        var pending = PendingChange(removesEverything: fields == .all)
        if case .fields(let names) = fields {
            for name in names {
                tombstones.append(LocalFill(name: name, content: .missing, deadline: missing))
                pending[name] = .remove
            }
        }
        if options.policy == .writeBehind {
            return try await enqueue(key, pending, tombstones, until: deadline).adding(tiers)
        }
        return try await change(
            key, removal(of: fields), tombstones, dropping: fields, options, until: deadline
        ).adding(tiers)
    }

    private func removal(of fields: FieldSelection) -> HashWrite {
        switch fields {
        case .all: HashWrite(removing: .everything)
        case .fields(let names): HashWrite(removing: .fields(names))
        }
    }

    /// Where something is to be forgotten.
    public enum InvalidationScope: Hashable, Sendable {
        /// In this process: the second tier is asked again.
        case local
        /// Everywhere: the source is asked again, by whoever wants to know.
        case everywhere
    }

    /// Forgets a field, so that the next who wants it asks for it again.
    public nonisolated(nonsending) func invalidate(
        _ key: some ByteKey, _ field: some ByteKey, scope: InvalidationScope = .everywhere,
        options: TieredWriteOptions = .init()
    ) async throws {
        try await invalidate(key.copied, .fields([field.copied]), scope, options)
    }

    /// Forgets several fields.
    public nonisolated(nonsending) func invalidate(
        _ key: some ByteKey, _ fields: [some ByteKey], scope: InvalidationScope = .everywhere,
        options: TieredWriteOptions = .init()
    ) async throws {
        try await invalidate(key.copied, .fields(fields.map(\.copied)), scope, options)
    }

    /// Forgets a whole hash.
    ///
    /// - Throws: ``TieredError``, when it is to be forgotten everywhere and the second tier can't be told. In this process it is
    ///   forgotten in any case.
    public nonisolated(nonsending) func invalidate(
        _ key: some ByteKey, scope: InvalidationScope = .everywhere, options: TieredWriteOptions = .init()
    ) async throws {
        try await invalidate(key.copied, .all, scope, options)
    }

    private nonisolated(nonsending) func invalidate(
        _ key: [UInt8], _ fields: FieldSelection, _ scope: InvalidationScope, _ options: TieredWriteOptions
    ) async throws {
        forget(key, fields)
        guard scope == .everywhere else { return }
        _ = try await change(
            key, removal(of: fields), [], dropping: fields, options, until: deadline(of: options.budget))
        forget(key, fields)
    }
}
