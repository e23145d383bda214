import StrataTiering

extension RemoteStoreConformance {
    /// Reports of changes.
    static let reportChecks: [Check] = [
        check("reportsChanges", needs: \.tracking) { subject in
            try await subject.observing { events in
                try await subject.set(["a": "1"])
                try await subject.wait("the report of a write") { events.count(of: subject.key) >= 1 }
                var count = events.count(of: subject.key)
                try await subject.write(HashWrite(removing: .fields([[97]])))
                try await subject.wait("the report of a removal") { events.count(of: subject.key) > count }
                count = events.count(of: subject.key)
                _ = try await subject.store.increment(
                    subject.key, [110], by: 1, keyLifetime: .seconds(60), deadline: subject.deadline())
                try await subject.wait("the report of an addition") { events.count(of: subject.key) > count }
            }
        },
        check("reportsTheEndOfALease", needs: \.tracksLeases) { subject in
            try await subject.observing { events in
                guard let lease = try await subject.lease() else { return try subject.expect(false, true, "a lease") }
                // What taking it may have caused isn't what is waited for.
                try await subject.sleep(.milliseconds(50))
                let count = events.leaseCount(of: subject.key)
                try await subject.store.release(lease, deadline: subject.deadline())
                try await subject.wait("the report of the return of a lease") {
                    events.leaseCount(of: subject.key) > count
                }
            }
        },
        check("reportsOnlyObservedKeys", needs: \.tracking) { subject in
            try await subject.observing { events in
                let other = Array("other".utf8) + subject.key
                let field = RemoteField(name: [97], content: .value([49]), deadline: subject.deadline(.seconds(60)))
                let write = HashWrite(setting: [field], keyLifetime: .atLeast(.seconds(60)))
                _ = try await subject.store.write(other, write, deadline: subject.deadline())
                try await subject.set(["a": "1"])
                try await subject.wait("the report of a write") { events.count(of: subject.key) >= 1 }
                try subject.expect(events.count(of: other), 0, "the number of reports of a key with another prefix")
            }
        },
        check("observesNothingWithoutTracking", needs: \.lacksTracking) { subject in
            try await subject.expectFailure([.unsupported]) { () throws(RemoteStoreError) in
                try await subject.store.observeInvalidations(prefixes: [[]]) { _ in }
            }
        },
    ]

    /// What holds for all calls.
    static let callChecks: [Check] = [
        check("aCallAfterItsDeadlineFails") { subject in
            let past = subject.clock.now().advanced(by: .milliseconds(-1))
            try await subject.expectFailure([.timeout, .unknownOutcome]) { () throws(RemoteStoreError) in
                _ = try await subject.store.read(subject.key, .all, deadline: past)
            }
        },
        check("aCancelledCallEndsAndTheNextWorks") { subject in
            await withTaskGroup { group in
                group.addTask {
                    _ = try? await subject.store.read(subject.key, .all, deadline: subject.deadline())
                }
                group.cancelAll()
            }
            try await subject.set(["a": "1"])
            try subject.expect(try await subject.values("a"), ["1"], "the answer")
        },
        check("theShardOfAKeyIsOneOfTheShards") { subject in
            let shard = subject.store.shard(of: subject.key)
            try subject.expect(subject.store.shards.contains(shard), true, "being among the shards")
            try subject.expect(subject.store.shard(of: subject.key), shard, "the shard asked again")
        },
        check("manyCallsAtOnceAllEnd") { subject in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let key = subject.key + Array(":\(index)".utf8)
                        let field = RemoteField(
                            name: [97], content: .value(Array("\(index)".utf8)),
                            deadline: subject.deadline(.seconds(60)))
                        let write = HashWrite(setting: [field], keyLifetime: .atLeast(.seconds(60)))
                        _ = try await subject.store.write(key, write, deadline: subject.deadline())
                        let hash = try await subject.store.read(key, .fields([[97]]), deadline: subject.deadline())
                        try subject.expect(hash.fields[0].value, Array("\(index)".utf8), "the value of key \(index)")
                    }
                }
                try await group.waitForAll()
            }
        },
    ]
}

extension RemoteCapabilities {
    fileprivate var tracksLeases: Bool { tracking && leases }
    fileprivate var lacksTracking: Bool { !tracking }
}
