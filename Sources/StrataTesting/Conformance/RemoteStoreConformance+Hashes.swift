import StrataTiering

extension RemoteStoreConformance {
    /// Fields, whole hashes, numbers.
    static let hashChecks: [Check] = [
        check("readsWhatWasWritten") { subject in
            try await subject.set(["a": "1", "b": "2"])
            try subject.expect(try await subject.values("b", "c", "a"), ["2", nil, "1"], "the answer")
        },
        check("anAbsentKeyHasNoFields") { subject in
            let hash = try await subject.all()
            try subject.expect(hash.exists, false, "existence")
            try subject.expect(hash.fields.count, 0, "the number of fields")
            try subject.expect(try await subject.values("a"), [nil], "the answer")
        },
        check("readsAWholeHash") { subject in
            try await subject.set(["a": "1", "b": "2"])
            let hash = try await subject.all()
            try subject.expect(hash.exists, true, "existence")
            let found = hash.fields.map {
                "\(String(decoding: $0.name, as: UTF8.self))=\(String(decoding: $0.value ?? [], as: UTF8.self))"
            }
            try subject.expect(found.sorted(), ["a=1", "b=2"], "the hash")
        },
        check("keepsAnyBytes") { subject in
            let name: [UInt8] = [0, 13, 10, 255, 0]
            let value = (0...255).map { UInt8($0) }
            let end = subject.deadline(.seconds(60))
            try await subject.write(
                HashWrite(
                    setting: [
                        RemoteField(name: name, content: .value(value), deadline: end),
                        RemoteField(name: [], content: .value([]), deadline: end),
                    ], keyLifetime: .atLeast(.seconds(60))))
            let hash = try await subject.store.read(subject.key, .fields([name, []]), deadline: subject.deadline())
            try subject.expect(hash.fields.map(\.value), [value, []], "the values")
        },
        check("tellsAbsentFromMissing") { subject in
            let absent = RemoteField(name: [97], content: .absent, deadline: subject.deadline(.seconds(60)))
            try await subject.write(HashWrite(setting: [absent], keyLifetime: .atLeast(.seconds(60))))
            let hash = try await subject.store.read(subject.key, .fields([[97], [98]]), deadline: subject.deadline())
            try subject.expect(hash.fields.map(\.content), [.absent, .missing], "the contents")
        },
        check("removesFields") { subject in
            try await subject.set(["a": "1", "b": "2", "c": "3"])
            try await subject.write(HashWrite(removing: .fields([[97], [100]])))
            try subject.expect(try await subject.values("a", "b"), [nil, "2"], "the answer")
            try await subject.write(HashWrite(removing: .everything))
            try subject.expect(try await subject.all().exists, false, "existence")
        },
        check("replacesAWholeHash") { subject in
            try await subject.set(["a": "1", "b": "2"])
            let field = RemoteField(name: [99], content: .value([51]), deadline: subject.deadline(.seconds(60)))
            try await subject.write(
                HashWrite(setting: [field], removing: .everything, keyLifetime: .set(.seconds(60))))
            try subject.expect(try await subject.values("a", "b", "c"), [nil, nil, "3"], "the answer")
        },
        check("addsUp") { subject in
            let store = subject.store
            for sum in [5, 10] as [Int64] {
                let found = try await store.increment(
                    subject.key, [110], by: 5, keyLifetime: .seconds(60), deadline: subject.deadline())
                try subject.expect(found, sum, "the sum")
            }
            let less = try await store.increment(
                subject.key, [110], by: -20, keyLifetime: nil, deadline: subject.deadline())
            try subject.expect(less, -10, "the sum")
            try subject.expect(try await subject.values("n"), ["-10"], "the value")
        },
        check("refusesToAddToText") { subject in
            try await subject.set(["a": "text"])
            try await subject.expectFailure([.notANumber]) { () throws(RemoteStoreError) in
                _ = try await subject.store.increment(
                    subject.key, [97], by: 1, keyLifetime: nil, deadline: subject.deadline())
            }
            try subject.expect(try await subject.values("a"), ["text"], "the value")
        },
        check("concurrentAdditionsAllCount") { subject in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        _ = try await subject.store.increment(
                            subject.key, [110], by: 1, keyLifetime: .seconds(60), deadline: subject.deadline())
                    }
                }
                try await group.waitForAll()
            }
            try subject.expect(try await subject.values("n"), ["50"], "the sum")
        },
        check("aReadIsOfOneMoment") { subject in
            // Both fields are always written together, so they are never seen to differ.
            try await subject.set(["a": "0", "b": "0"])
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for round in 1...50 { try await subject.set(["a": "\(round)", "b": "\(round)"]) } }
                for _ in 0..<100 {
                    let values = try await subject.values("a", "b")
                    try subject.expect(values[0], values[1], "the second field")
                }
                try await group.waitForAll()
            }
        },
    ]
}
