import StrataTiering

extension RemoteStoreConformance {
    /// Leases.
    static let leaseChecks: [Check] = [
        check("oneHolderAtATime", needs: \.leases) { subject in
            guard let lease = try await subject.lease() else { return try subject.expect(false, true, "a first lease") }
            try subject.expect(try await subject.lease() == nil, true, "the refusal of a second lease")
            try await subject.store.release(lease, deadline: subject.deadline())
            try subject.expect(try await subject.lease() != nil, true, "a lease after the first was given back")
        },
        check("ofManyWhoAskOneGetsIt", needs: \.leases) { subject in
            let granted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 { group.addTask { try await subject.lease() != nil } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try subject.expect(granted, 1, "the number of holders")
        },
        check("writesUnderALease", needs: \.leases) { subject in
            guard let lease = try await subject.lease() else { return try subject.expect(false, true, "a lease") }
            let field = RemoteField(name: [97], content: .value([49]), deadline: subject.deadline(.seconds(60)))
            let write = HashWrite(setting: [field], keyLifetime: .atLeast(.seconds(60)), condition: .lease(lease))
            try subject.expect(try await subject.write(write), .done, "the outcome")
            try subject.expect(try await subject.values("a"), ["1"], "the value")
            try subject.expect(
                try await subject.write(write), .leaseLost, "the outcome of a second write under the lease")
            try subject.expect(try await subject.lease() != nil, true, "a lease after the write")
        },
        check("aWriteOfAnotherEndsALease", needs: \.leases) { subject in
            guard let lease = try await subject.lease() else { return try subject.expect(false, true, "a lease") }
            try await subject.set(["a": "new"])
            let field = RemoteField(name: [97], content: .value([49]), deadline: subject.deadline(.seconds(60)))
            let outcome = try await subject.write(HashWrite(setting: [field], condition: .lease(lease)))
            try subject.expect(outcome, .leaseLost, "the outcome")
            try subject.expect(try await subject.values("a"), ["new"], "the value")
        },
        check("aRemovalEndsALease", needs: \.leases) { subject in
            // Also of a key that isn't there: who deletes it mustn't see it come back.
            guard let lease = try await subject.lease() else { return try subject.expect(false, true, "a lease") }
            try await subject.write(HashWrite(removing: .everything))
            let field = RemoteField(name: [97], content: .value([49]), deadline: subject.deadline(.seconds(60)))
            let outcome = try await subject.write(HashWrite(setting: [field], condition: .lease(lease)))
            try subject.expect(outcome, .leaseLost, "the outcome")
            try subject.expect(try await subject.values("a"), [nil], "the value")
        },
        check("aLeaseEndsByItself", needs: \.leases) { subject in
            guard let lease = try await subject.lease(.milliseconds(200)) else {
                return try subject.expect(false, true, "a lease")
            }
            try await subject.sleep(.milliseconds(250))
            let field = RemoteField(name: [97], content: .value([49]), deadline: subject.deadline(.seconds(60)))
            let outcome = try await subject.write(HashWrite(setting: [field], condition: .lease(lease)))
            try subject.expect(outcome, .leaseLost, "the outcome")
            try subject.expect(try await subject.lease() != nil, true, "another lease")
            try await subject.store.release(lease, deadline: subject.deadline())
            try subject.expect(
                try await subject.lease() == nil, true, "the other lease outliving the return of the first")
        },
        check("aLeaseDoesntShowInTheHash", needs: \.leases) { subject in
            _ = try await subject.lease()
            let hash = try await subject.all()
            try subject.expect(hash.exists, false, "existence")
            try await subject.set(["a": "1"])
            _ = try await subject.lease()
            try subject.expect(try await subject.all().fields.map(\.name), [[97]], "the fields")
        },
    ]
}
