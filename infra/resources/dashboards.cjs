// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of serverless.yml and CloudFormation

// Three dashboards: what it brings (leads), whether it is well (on-call), and where time goes (debugging).
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

const STAGE = '${sls:stage}'
const HERE = '${AWS::Region}'
const DAY = 86_400
const HALF = 12
const HEIGHT = 6

const EVALUATING = ['onUpload', 'plan', 'shard', 'merge']
const FUNCTIONS = [...EVALUATING, 'api', 'readerSignIn']
const STAGES = [
  'read',
  'baseline',
  'neighbors',
  'structure',
  'trade-off',
  'metrics',
  'drift',
  'projection',
  'findings',
  'history',
  'render',
]

const own = (name, options = {}) => ['nearmiss', name, 'Stage', STAGE, options]
const lambda = (metric, name, options = {}) => [
  'AWS/Lambda',
  metric,
  'FunctionName',
  `nearmiss-${STAGE}-${name}`,
  { label: name, ...options },
]
const queue = (metric, name) => ['AWS/SQS', metric, 'QueueName', `nearmiss-${STAGE}-${name}`]
const reader = (metric, options) => [
  'AWS/CloudFront',
  metric,
  'DistributionId',
  '${ReaderId}',
  'Region',
  'Global',
  // CloudFront tells its figures in this region alone.
  { region: 'us-east-1', ...options },
]

const graph = (title, stat, metrics, period = 300) => ({
  type: 'metric',
  properties: { title, region: HERE, view: 'timeSeries', stat, period, metrics },
})
const byTenant = (name) => [
  {
    expression: `SEARCH('{nearmiss,Stage,Tenant} MetricName="${name}" Stage="${STAGE}"', 'Sum', ${DAY})`,
    id: name.toLowerCase(),
  },
]

const DASHBOARDS = {
  leads: [
    graph('Uploads a day', 'Sum', [own('Published'), own('Failed'), own('Stuck')], DAY),
    graph(
      'Seconds from an upload to its page',
      'p50',
      [
        own('UploadToPage', { label: 'half of them' }),
        own('UploadToPage', { label: '99 %', stat: 'p99' }),
      ],
      DAY,
    ),
    graph('Share of late pages (level: 1 %)', 'Average', [own('LatePages')], DAY),
    graph('Reports a day, by tenant', 'Sum', [byTenant('Published')], DAY),
    graph('Rows a day', 'Sum', [own('Rows')], DAY),
    graph('Requests of readers a day', 'Sum', [reader('Requests')], DAY),
  ],
  'on-call': [
    {
      type: 'alarm',
      properties: {
        title: "What can't wait",
        alarms: [
          'DeadLetters',
          'LatePagesFast',
          'OnUploadErrors',
          'ShardsFailed',
          'ApiErrors',
          'SignInErrors',
        ].map((name) => `\${${name}Alarm.Arn}`),
      },
    },
    graph('Messages that wait, and that are put aside', 'Maximum', [
      queue('ApproximateNumberOfMessagesVisible', 'uploads'),
      queue('ApproximateNumberOfMessagesVisible', 'dead-letters'),
    ]),
    graph('Age of the oldest message, in seconds', 'Maximum', [
      queue('ApproximateAgeOfOldestMessage', 'uploads'),
    ]),
    graph('Share of late pages', 'Average', [own('LatePages')], 3600),
    graph('Faults and what is stuck', 'Sum', [own('Faults'), own('Stuck')]),
    graph(
      'Errors of functions',
      'Sum',
      FUNCTIONS.map((name) => lambda('Errors', name)),
    ),
    graph(
      'Refused calls',
      'Sum',
      FUNCTIONS.map((name) => lambda('Throttles', name)),
    ),
    graph('Faults that readers and the API met', 'Average', [
      reader('5xxErrorRate', { label: 'readers, %' }),
      ['AWS/ApiGateway', '5xx', 'ApiId', '${HttpApi}', { stat: 'Sum', label: 'API' }],
    ]),
  ],
  debugging: [
    graph(
      'Seconds of stages',
      'p90',
      STAGES.map((stage) => own(`Stage-${stage}`)),
    ),
    graph(
      'Milliseconds of functions',
      'Maximum',
      FUNCTIONS.map((name) => lambda('Duration', name)),
    ),
    graph('Memory, percent of the function', 'Maximum', [own('Memory')]),
    graph('Seconds in the queue', 'Maximum', [own('QueueTime')]),
    graph(
      'Calls at once',
      'Maximum',
      FUNCTIONS.map((name) => lambda('ConcurrentExecutions', name)),
    ),
    graph('Rows and bytes of reports', 'Sum', [own('Rows'), own('Bytes', { yAxis: 'right' })]),
    {
      type: 'log',
      properties: {
        title: 'Errors, with what they are of',
        region: HERE,
        view: 'table',
        query: [
          ...EVALUATING.map((name) => `SOURCE '/aws/lambda/nearmiss-${STAGE}-${name}'`),
          'fields @timestamp, tenant, project, run, messageId, requestId, execution, message, reason',
          'filter level = "error"',
          'sort @timestamp desc',
          'limit 50',
        ].join(' | '),
      },
    },
  ],
}

/** Two in a row. */
function placed(widgets) {
  return widgets.map((widget, at) => ({
    ...widget,
    x: (at % 2) * HALF,
    y: Math.floor(at / 2) * HEIGHT,
    width: HALF,
    height: HEIGHT,
  }))
}

const resourceName = (name) =>
  `${name.replace(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase())}Dashboard`

module.exports = {
  Resources: Object.fromEntries(
    Object.entries(DASHBOARDS).map(([name, widgets]) => [
      resourceName(name),
      {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: {
          DashboardName: `nearmiss-${STAGE}-\${aws:region}-${name}`,
          DashboardBody: {
            'Fn::Sub': [
              JSON.stringify({ widgets: placed(widgets) }),
              { ReaderId: { 'Fn::If': ['HasReader', { Ref: 'Reader' }, 'none'] } },
            ],
          },
        },
      },
    ]),
  ),
}
