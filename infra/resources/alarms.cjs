// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of serverless.yml, filled in when it is read

// What a person must know of: an alarm is a line here, and its page is in docs/runbooks.
//
// Those that can't wait go to the topic Alarms, the others to Tickets. Service levels: an upload becomes a
// page within five minutes in 99 %, and a page opens in 99.9 %. An error budget that would be spent in two
// days (14.4 times too fast, for an hour) can't wait; one that would be spent in ten (3 times, for a day) is
// a ticket. https://sre.google/workbook/alerting-on-slos/

const ref = (name) => ({ Ref: name })
const attribute = (name, of) => ({ 'Fn::GetAtt': [name, of] })

const HOUR = 3600
const DAY = 86_400
const FAST = 14.4
const SLOW = 3
/** Percent of uploads and of requests that may fail. */
const PAGE_BUDGET = 1
const READER_BUDGET = 0.1

/** By logical name; the limit of each in seconds is that of serverless.yml. */
const FUNCTIONS = {
  OnUpload: 900,
  Plan: 900,
  Shard: 900,
  Merge: 900,
  Api: 29,
  ReaderSignIn: 29,
}

const lambda = (MetricName, name) => ({
  Namespace: 'AWS/Lambda',
  MetricName,
  Dimensions: [{ Name: 'FunctionName', Value: ref(`${name}LambdaFunction`) }],
})
const queue = (MetricName, name) => ({
  Namespace: 'AWS/SQS',
  MetricName,
  Dimensions: [{ Name: 'QueueName', Value: attribute(name, 'QueueName') }],
})
const shards = (MetricName) => ({
  Namespace: 'AWS/States',
  MetricName,
  Dimensions: [{ Name: 'StateMachineArn', Value: ref('Shards') }],
})
const measured = (MetricName) => ({
  Namespace: 'nearmiss',
  MetricName,
  Dimensions: [{ Name: 'Stage', Value: '${sls:stage}' }],
})
// CloudFront tells its figures in us-east-1 alone, and an alarm sees those of its own region.
const reader = {
  Condition: 'WatchReader',
  metric: {
    Namespace: 'AWS/CloudFront',
    MetricName: '5xxErrorRate',
    Dimensions: [
      { Name: 'DistributionId', Value: ref('Reader') },
      { Name: 'Region', Value: 'Global' },
    ],
  },
  statistic: 'Average',
}

/** Each: what it means, its runbook page, whether it waits, and the metric above which value, in which time. */
const ALARMS = {
  DeadLetters: {
    says: 'An upload failed every time and is not tried again.',
    runbook: 'stuck-uploads',
    metric: queue('ApproximateNumberOfMessagesVisible', 'DeadLetters'),
    statistic: 'Maximum',
    period: 60,
  },
  LatePagesFast: {
    says: 'Over an hour, 14 % of uploads and more were no page within five minutes.',
    runbook: 'late-pages',
    metric: measured('LatePages'),
    statistic: 'Average',
    period: HOUR,
    above: FAST * PAGE_BUDGET,
  },
  LatePagesSlow: {
    says: 'Over a day, 3 % of uploads and more were no page within five minutes.',
    runbook: 'late-pages',
    waits: true,
    metric: measured('LatePages'),
    statistic: 'Average',
    period: DAY,
    above: SLOW * PAGE_BUDGET,
  },
  ReaderErrorsFast: {
    says: 'Over an hour, 1.44 % of the requests of readers and more met a fault.',
    runbook: 'reader-errors',
    ...reader,
    period: HOUR,
    above: FAST * READER_BUDGET,
  },
  ReaderErrorsSlow: {
    says: 'Over a day, 0.3 % of the requests of readers and more met a fault.',
    runbook: 'reader-errors',
    waits: true,
    ...reader,
    period: DAY,
    above: SLOW * READER_BUDGET,
  },
  OnUploadFaults: {
    says: "The evaluation met trouble that isn't the upload's. It is tried again.",
    runbook: 'evaluation-faults',
    waits: true,
    metric: { Namespace: 'nearmiss', MetricName: '${sls:stage}-onUpload-faults' },
  },
  // Out of memory, out of time, doesn't start: what a function can't log itself.
  OnUploadErrors: {
    says: 'The function onUpload ended without an answer.',
    runbook: 'evaluation-faults',
    metric: lambda('Errors', 'OnUpload'),
  },
  ShardsFailed: {
    says: 'An evaluation in shards failed for good.',
    runbook: 'shards-failed',
    metric: shards('ExecutionsFailed'),
  },
  ShardsTimedOut: {
    says: 'An evaluation in shards took more than two days.',
    runbook: 'shards-failed',
    metric: shards('ExecutionsTimedOut'),
  },
  ApiErrors: {
    says: 'The API answered with a fault of its own more than five times in five minutes.',
    runbook: 'api-errors',
    metric: {
      Namespace: 'AWS/ApiGateway',
      MetricName: '5xx',
      Dimensions: [{ Name: 'ApiId', Value: ref('HttpApi') }],
    },
    above: 5,
  },
  SignInErrors: {
    says: "Readers can't sign in: the function readerSignIn failed.",
    runbook: 'sign-in-errors',
    metric: lambda('Errors', 'ReaderSignIn'),
  },
  ReaderKeysErrors: {
    says: "The keys of readers' tokens could not be made or handed to CloudFront.",
    runbook: 'sign-in-errors',
    waits: true,
    metric: lambda('Errors', 'ReaderKeys'),
  },
  WaitingUploads: {
    says: 'An upload has waited for an hour.',
    runbook: 'waiting-uploads',
    waits: true,
    metric: queue('ApproximateAgeOfOldestMessage', 'UploadQueue'),
    statistic: 'Maximum',
    above: HOUR,
  },
  Memory: {
    says: "A function's process took more than nine tenths of its memory.",
    runbook: 'memory',
    waits: true,
    metric: measured('Memory'),
    statistic: 'Maximum',
    above: 90,
  },
  ...perFunction((name, limit) => ({
    [`${name}Throttles`]: {
      says: `Calls of the function ${functionName(name)} were refused: too many at once.`,
      runbook: 'throttling',
      waits: true,
      metric: lambda('Throttles', name),
    },
    [`${name}NearTimeout`]: {
      says: `The function ${functionName(name)} took more than four fifths of its ${limit} seconds.`,
      runbook: 'near-timeout',
      waits: true,
      metric: lambda('Duration', name),
      statistic: 'Maximum',
      above: 0.8 * 1000 * limit,
    },
  })),
}

/** @param {(name: string, limit: number) => object} alarms */
function perFunction(alarms) {
  return Object.assign({}, ...Object.entries(FUNCTIONS).map(([name, limit]) => alarms(name, limit)))
}

function functionName(name) {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

function alarm({ says, runbook, waits, Condition, metric, statistic, period, above }) {
  const topic = ref(waits ? 'Tickets' : 'Alarms')
  return {
    Type: 'AWS::CloudWatch::Alarm',
    ...(Condition === undefined ? {} : { Condition }),
    Properties: {
      AlarmDescription: `${says} docs/runbooks/${runbook}.md`,
      ...metric,
      Statistic: statistic ?? 'Sum',
      Period: period ?? 300,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: above ?? 0,
      TreatMissingData: 'notBreaching',
      AlarmActions: [topic],
      OKActions: [topic],
    },
  }
}

module.exports = {
  Parameters: {
    AlarmEmail: { Type: 'String', Default: '${param:alarmEmail}' },
    TicketEmail: { Type: 'String', Default: '${param:ticketEmail}' },
    MonthlyBudgetDollars: { Type: 'Number', Default: '${param:monthlyBudgetDollars}' },
  },
  Conditions: {
    TellByEmail: { 'Fn::Not': [{ 'Fn::Equals': [ref('AlarmEmail'), ''] }] },
    HasTicketEmail: { 'Fn::Not': [{ 'Fn::Equals': [ref('TicketEmail'), ''] }] },
    TicketsByEmail: { 'Fn::Or': [{ Condition: 'TellByEmail' }, { Condition: 'HasTicketEmail' }] },
    HasBudget: {
      'Fn::And': [
        { Condition: 'TicketsByEmail' },
        { 'Fn::Not': [{ 'Fn::Equals': [ref('MonthlyBudgetDollars'), '0'] }] },
      ],
    },
    WatchReader: {
      'Fn::And': [{ Condition: 'HasReader' }, { 'Fn::Equals': [ref('AWS::Region'), 'us-east-1'] }],
    },
  },
  Resources: {
    Alarms: {
      Type: 'AWS::SNS::Topic',
      Properties: { TopicName: 'nearmiss-${sls:stage}-alarms' },
    },
    AlarmsByEmail: {
      Type: 'AWS::SNS::Subscription',
      Condition: 'TellByEmail',
      Properties: { TopicArn: ref('Alarms'), Protocol: 'email', Endpoint: ref('AlarmEmail') },
    },
    Tickets: {
      Type: 'AWS::SNS::Topic',
      Properties: { TopicName: 'nearmiss-${sls:stage}-tickets' },
    },
    TicketsByEmail: {
      Type: 'AWS::SNS::Subscription',
      Condition: 'TicketsByEmail',
      Properties: {
        TopicArn: ref('Tickets'),
        Protocol: 'email',
        Endpoint: { 'Fn::If': ['HasTicketEmail', ref('TicketEmail'), ref('AlarmEmail')] },
      },
    },
    // What all that has the tag service=nearmiss costs, as serverless.yml gives it; the account must have
    // activated that tag for cost allocation.
    Budget: {
      Type: 'AWS::Budgets::Budget',
      Condition: 'HasBudget',
      Properties: {
        Budget: {
          BudgetName: 'nearmiss-${sls:stage}-${aws:region}',
          BudgetType: 'COST',
          TimeUnit: 'MONTHLY',
          BudgetLimit: { Amount: ref('MonthlyBudgetDollars'), Unit: 'USD' },
          // Joined by CloudFormation: a dollar before a variable would be lost.
          CostFilters: { TagKeyValue: [{ 'Fn::Join': ['$', ['user:service', 'nearmiss']] }] },
        },
        NotificationsWithSubscribers: ['FORECASTED', 'ACTUAL'].map((NotificationType) => ({
          Notification: {
            NotificationType,
            ComparisonOperator: 'GREATER_THAN',
            Threshold: 100,
            ThresholdType: 'PERCENTAGE',
          },
          Subscribers: [
            {
              SubscriptionType: 'EMAIL',
              Address: { 'Fn::If': ['HasTicketEmail', ref('TicketEmail'), ref('AlarmEmail')] },
            },
          ],
        })),
      },
    },
    // A batch that is handed back in part is a success to Lambda: its own count of errors misses it.
    OnUploadFaults: {
      Type: 'AWS::Logs::MetricFilter',
      Properties: {
        LogGroupName: ref('OnUploadLogGroup'),
        FilterPattern: '{ $.level = "error" }',
        MetricTransformations: [
          {
            MetricNamespace: 'nearmiss',
            MetricName: '${sls:stage}-onUpload-faults',
            MetricValue: '1',
            DefaultValue: 0,
          },
        ],
      },
    },
    ...Object.fromEntries(Object.entries(ALARMS).map(([name, of]) => [`${name}Alarm`, alarm(of)])),
  },
}
