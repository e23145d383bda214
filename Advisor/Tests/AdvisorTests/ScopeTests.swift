import AdvisorCore
import SwiftSyntax
import Testing

/// What types expressions have.
@Suite struct ScopeTests {
    /// The shape of the expression that is assigned to `_` in a text.
    private func shape(_ text: String) -> TypeShape? {
        let project = Project(text: text)
        guard let assignment = project.files[0].facts.assignments.last else { return nil }
        return project.scope.shape(of: assignment.rightOperand)
    }

    @Test(arguments: [
        ("func f(_ x: [Int]) { _ = x }", TypeShape.array(.plain("Int"))),
        ("func f() { let x = [\"a\": 1]; _ = x }", .dictionary(key: .plain("String"), value: .plain("Int"))),
        ("func f() { var x = [String: [Int]](); _ = x[\"a\"] }", .optional(.array(.plain("Int")))),
        ("func f(_ x: [Int: String]) { for (k, v) in x { _ = v } }", .plain("String")),
        ("func f(_ x: [Int: String]) { if let y = x[3] { _ = y } }", .plain("String")),
        ("func f(_ x: [Int: String]) { guard let y = x[3] else { return }\n _ = y }", .plain("String")),
        ("struct A { var b: Set<Int>; func f() { _ = self.b } }", .set(.plain("Int"))),
        ("struct A { var b: [B]; func f() { _ = b[0].c } }\nstruct B { var c: Double }", .plain("Double")),
        (
            "struct A { let m: Mutex<[Int: Bool]>; func f() { m.withLock { _ = $0 } } }",
            .dictionary(key: .plain("Int"), value: .plain("Bool"))
        ),
        ("struct A { let m: Mutex<[Int]>; func f() { m.withLock { list in _ = list } } }", .array(.plain("Int"))),
        ("typealias T = [Int: Int]\nfunc f(_ x: T) { _ = x }", .dictionary(key: .plain("Int"), value: .plain("Int"))),
        ("enum E { static let t: [Int] = [] }\nfunc f() { _ = E.t }", .array(.plain("Int"))),
        ("func g() -> [Int] { [] }\nfunc f() { let x = g(); _ = x }", .array(.plain("Int"))),
        ("func f(_ x: [String]) { for (i, s) in x.enumerated() { _ = i } }", .plain("Int")),
    ])
    func knowsTheType(text: String, expected: TypeShape) { #expect(shape(text) == expected) }

    @Test(arguments: [
        "func f(_ x: Unknown) { _ = x.list }", "func f() { _ = other() }",
        "func f<T>(_ x: T) { for y in x.all { _ = y } }",
        // The inner variable hides the outer one.
        "struct A { var b: [Int]; func f() { let b = make(); _ = b } }",
    ])
    func admitsThatItDoesNotKnow(text: String) {
        switch shape(text) {
        case nil: break
        case .named?: break
        case let other: Issue.record("\(String(describing: other)) for \(text)")
        }
    }
}
