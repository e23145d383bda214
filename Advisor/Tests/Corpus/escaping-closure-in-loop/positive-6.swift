func tests(_ suites: [Suite]) {
    for suite in suites {
        for test in suite.tests {
            suite.steps.insert({ test.run() }, at: 0) // expect: escaping-closure-in-loop
        }
    }
}
